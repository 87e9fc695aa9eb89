Option Explicit
Option Private Module

' One call of Python for a whole column: a formula that is called for one row asks for all rows of its table at once. What is
' foreseen wrongly costs time, never a wrong number. The letters of a function's kinds are kaohe_answers'.

Private Const SHARED_BY_ROWS As String = "."
Private Const SINGLE_VALUE As String = "v"
Private Const MOST_ROWS As Long = 5000        ' on either side of the calling cell

' The cell whose formula calls; nothing for array formulas and for calls from elsewhere.
Public Function KaoheCallingCell() As Object
    Dim cell As Object
    On Error GoTo None
    If TypeName(Application.Caller) <> "Range" Then Exit Function
    Set cell = Application.Caller
    If cell.Rows.Count > 1 Or cell.Columns.Count > 1 Then Exit Function
    If cell.HasArray Then Exit Function
    Set KaoheCallingCell = cell
None:
End Function

' Ask for the other rows as well: Rows gets the arguments of each row to ask for, this one's first; Asked the arguments as
' blocks; At where the call's arguments begin in the formula. Returns the first row's number, and the arguments of each row that
' is asked for or was.
Public Function KaoheLookAhead(ByVal FunctionName As String, ByVal Kinds As String, ByRef Arguments As Variant, ByRef Own As Variant, ByVal Memory As KaoheMemory, ByVal Rows As Collection, ByRef Asked As Variant, ByRef At As Long) As Variant
    Dim formula As String, cell As Object, first As Long, last As Long, n As Long, i As Long, columns As Variant, row As Variant, everyone() As Variant
    Dim ready() As Boolean, seen As New KaoheMemory, before As Variant, isForeseen As Boolean, areSingle As Boolean
    If KaoheIsForeseeing() Then Exit Function
    Set cell = KaoheCallingCell()
    If cell Is Nothing Then Exit Function
    KaoheRowsAround cell, first, last
    If last <= first Then Exit Function
    ReDim ready(1 To last - first + 1)
    ReDim everyone(1 To last - first + 1)
    For n = 1 To UBound(ready)
        ready(n) = True
    Next n
    KaoheLookAgain
    formula = cell.Formula
    At = KaoheCallLike(cell, formula, FunctionName, Arguments)
    columns = Own
    For i = LBound(Own) To UBound(Own)
        columns(i) = Empty
        If Not KaoheIsShared(Kinds, i) Then
            If IsObject(Arguments(i)) Then
                columns(i) = KaoheRowsOf(cell, Arguments(i), first, last, ready)
            ElseIf At > 0 And VarType(Own(i)) <> vbError Then
                columns(i) = KaoheForeseen(cell, KaoheArgument(formula, At, i), Own(i), first, last, ready)
            End If
            If IsArray(columns(i)) Then isForeseen = True
        End If
    Next i
    If Not isForeseen And (At = 0 Or Len(KaoheAllRows(KaoheCallText(formula, FunctionName, At), "")) > 0) Then Exit Function
    areSingle = AreAllSingle(Kinds, Asked)
    before = Memory.Seen()
    seen.Begin Kinds, Own
    seen.Keep Own, Empty
    Rows.Add Own
    For n = 1 To UBound(ready)
        If ready(n) Then
            row = Own
            For i = LBound(Own) To UBound(Own)
                If IsArray(columns(i)) Then row(i) = RowOf(columns(i), n)
            Next i
            If IsSameRow(before, first + n - 1, row) Then
                everyone(n) = row   ' it was asked for then
            ElseIf IsLeftOutAlike(Kinds, Own, row) And (areSingle Or IsAlike(Kinds, Own, row)) Then
                everyone(n) = row
                If IsEmpty(seen.Known(row)) Then
                    If IsEmpty(Memory.Known(row)) Then
                        Rows.Add row
                        seen.Keep row, Empty
                    End If
                End If
            End If
        End If
    Next n
    KaoheLookAhead = Array(first, everyone)
    Memory.Look KaoheLookAhead, Rows.Count > 1
    If Rows.Count < 2 Then Exit Function
    For Each row In Rows
        If Not IsAlike(Kinds, Own, row) Then
            Asked = CallsOf(FunctionName, Rows, columns, Asked)
            Exit Function
        End If
    Next row
    For i = LBound(Own) To UBound(Own)
        If IsArray(columns(i)) And Mid$(Kinds, i + 1, 1) <> SINGLE_VALUE Then If Not IsLeftOut(Mid$(Kinds, i + 1, 1), Own(i)) Then Asked(i) = BlockOf(Rows, i, UBound(columns(i), 2))
    Next i
End Function

' Whether two rows may be rows of one call: their single values are the same.
Private Function IsAlike(ByVal Kinds As String, ByRef A As Variant, ByRef B As Variant) As Boolean
    Dim i As Long
    For i = LBound(A) To UBound(A)
        If Mid$(Kinds, i + 1, 1) = SINGLE_VALUE Then If Not KaoheSame(A(i), B(i)) Then Exit Function
    Next i
    IsAlike = True
End Function

' Whether no block is shared: then rows that are calls of their own cost little.
Private Function AreAllSingle(ByVal Kinds As String, ByRef Values As Variant) As Boolean
    Dim i As Long
    For i = LBound(Values) To UBound(Values)
        If KaoheIsShared(Kinds, i) Then If IsArray(Values(i)) Then Exit Function
    Next i
    AreAllSingle = True
End Function

' A call for each row, as the server's function takes them: the function's name, a letter for each argument, the arguments.
Private Function CallsOf(ByVal FunctionName As String, ByVal Rows As Collection, ByRef Columns As Variant, ByRef Values As Variant) As Variant
    Dim calls() As Variant, how As String, i As Long
    ReDim calls(0 To UBound(Values) + 2)
    For i = 0 To UBound(Values)
        If IsArray(Columns(i)) Then
            calls(i + 2) = BlockOf(Rows, i, UBound(Columns(i), 2))
            how = how & SINGLE_VALUE
        Else
            calls(i + 2) = Values(i)
            how = how & SHARED_BY_ROWS
        End If
    Next i
    calls(0) = FunctionName
    calls(1) = how
    CallsOf = calls
End Function

' Whether a row's arguments are as they were when the rows were looked at last.
Private Function IsSameRow(ByRef Before As Variant, ByVal Number As Long, ByRef Row As Variant) As Boolean
    Dim n As Long
    If IsEmpty(Before) Then Exit Function
    n = Number - Before(0) + 1
    If n < 1 Or n > UBound(Before(1)) Then Exit Function
    If IsArray(Before(1)(n)) Then IsSameRow = KaoheAllSame(Before(1)(n), Row)
End Function

' The rows of the table a cell stands in; else those around it that have the same formula.
Public Sub KaoheRowsAround(ByVal Cell As Object, ByRef First As Long, ByRef Last As Long)
    Dim table As Object, body As Object, formulas As Variant, top As Long, bottom As Long, at As Long
    First = Cell.Row
    Last = Cell.Row
    Set table = Cell.ListObject
    If Not table Is Nothing Then
        Set body = table.DataBodyRange
        If body Is Nothing Then Exit Sub
        If Cell.Row < body.Row Or Cell.Row >= body.Row + body.Rows.Count Then Exit Sub
        First = KaoheLarger(body.Row, Cell.Row - MOST_ROWS)
        Last = Smaller(body.Row + body.Rows.Count - 1, Cell.Row + MOST_ROWS)
        Exit Sub
    End If
    With Cell.Worksheet.UsedRange
        top = KaoheLarger(.Row, Cell.Row - MOST_ROWS)
        bottom = Smaller(.Row + .Rows.Count - 1, Cell.Row + MOST_ROWS)
    End With
    If bottom <= top Then Exit Sub
    formulas = Cell.Worksheet.Range(Cell.Worksheet.Cells(top, Cell.Column), Cell.Worksheet.Cells(bottom, Cell.Column)).FormulaR1C1
    at = Cell.Row - top + 1
    Do While First > top
        If formulas(First - top, 1) <> formulas(at, 1) Then Exit Do
        First = First - 1
    Loop
    Do While Last < bottom
        If formulas(Last - top + 2, 1) <> formulas(at, 1) Then Exit Do
        Last = Last + 1
    Loop
End Sub

' One row of a block, as a range of one row gives its values.
Private Function RowOf(ByRef Block As Variant, ByVal Row As Long) As Variant
    Dim cells() As Variant, column As Long
    If UBound(Block, 2) = 1 Then
        RowOf = Block(Row, 1)
        Exit Function
    End If
    ReDim cells(1 To 1, 1 To UBound(Block, 2))
    For column = 1 To UBound(Block, 2)
        cells(1, column) = Block(Row, column)
    Next column
    RowOf = cells
End Function

Private Function BlockOf(ByVal Rows As Collection, ByVal Place As Long, ByVal Width As Long) As Variant
    Dim cells() As Variant, row As Variant, n As Long, column As Long
    ReDim cells(1 To Rows.Count, 1 To Width)
    For Each row In Rows
        n = n + 1
        If Width = 1 Then
            cells(n, 1) = row(Place)
        Else
            For column = 1 To Width
                cells(n, column) = row(Place)(1, column)
            Next column
        End If
    Next row
    BlockOf = cells
End Function

' Whether two rows leave out the same arguments: alone a blank one counts as left out, in a block as blank.
Private Function IsLeftOutAlike(ByVal Kinds As String, ByRef A As Variant, ByRef B As Variant) As Boolean
    Dim i As Long, kind As String
    For i = LBound(A) To UBound(A)
        kind = Mid$(Kinds, i + 1, 1)
        If kind <> LCase$(kind) Then If IsLeftOut(kind, A(i)) <> IsLeftOut(kind, B(i)) Then Exit Function
    Next i
    IsLeftOutAlike = True
End Function

Private Function IsLeftOut(ByVal Kind As String, Optional ByVal Value As Variant) As Boolean
    If Kind = LCase$(Kind) Or IsArray(Value) Then Exit Function
    IsLeftOut = IsEmpty(Value) Or IsMissing(Value)
    If VarType(Value) = vbString Then IsLeftOut = Len(Value) = 0
End Function

Private Function Smaller(ByVal A As Long, ByVal B As Long) As Long
    If A < B Then Smaller = A Else Smaller = B
End Function
