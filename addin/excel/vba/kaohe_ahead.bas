Option Explicit
Option Private Module

' One call of Python for a whole column. A formula that is called for one row asks for all rows of its table at once, and
' keeps the answers together with everything that was asked; a later row is answered from there only where its values are
' the same as those that were asked for. What is foreseen wrongly costs time, never a wrong number.
'
' A function's kinds have a letter for each argument: r a row, s a row of which a column would be a set of its own, c a
' cell, k a key of this row (capitals may be left out), and a dot for what all rows of a call share. A single value among
' these or cells of this row, v, may be others in other rows all the same: then they are calls of their own, handed over
' together.

Private Const SHARED_BY_ROWS As String = "."
Private Const SINGLE_VALUE As String = "v"
Private Const EACH_ROW As String = "each"     ' the function of the server that makes several calls of one
Private Const A_ROW As String = "r"
Private Const A_SET As String = "s"
Private Const MOST_ROWS As Long = 5000        ' on either side of the calling cell
Private Const MOST_MEMORIES As Long = 64      ' of one function in one column
Private Const MOST_PLACES As Long = 2000

Private mPlaces As Collection     ' by function and column: a collection of memories, the newest first

Public Sub KaoheForgetAnswers()
    Set mPlaces = Nothing
    KaoheExpectNothing
End Sub

Public Function KaoheIsShared(ByRef Kinds As String, ByVal Place As Long) As Boolean
    KaoheIsShared = Mid$(Kinds, Place + 1, 1) = SHARED_BY_ROWS
End Function

' A call's answer, from what is known or from Python. While cells that it reads are still to be calculated there is
' none: Excel calculates them and calls again.
Public Function KaoheAnswered(ByVal FunctionName As String, ByVal Kinds As String, ByRef Blocks As Variant, ByRef Values As Variant) As Variant
    Dim own As Variant, memory As KaoheMemory, rows As Collection, asked As Variant, known As Variant, everyone As Variant, i As Long
    Dim at As Long
    KaoheAnswered = KaoheWrongValue()
    If Not IsOneRow(Kinds, Values) Then
        If AreReady(Kinds, Blocks, Values, True) And AreReady(Kinds, Blocks, Values, False) Then KaoheAnswered = KaoheAskServer(FunctionName, Values)
        Exit Function
    End If
    For i = LBound(Values) To UBound(Values)
        If KaoheIsShared(Kinds, i) Then If IsOfThisRow(Blocks(i), Values(i)) Then Kinds = Left$(Kinds, i) & SINGLE_VALUE & Mid$(Kinds, i + 2)
    Next i
    If Not AreReady(Kinds, Blocks, Values, False) Then Exit Function
    ReDim own(LBound(Values) To UBound(Values))
    For i = LBound(Values) To UBound(Values)
        If Not KaoheIsShared(Kinds, i) Then own(i) = Values(i)
    Next i
    Set memory = MemoryOf(FunctionName, Kinds, Values)
    If memory Is Nothing Then
        If Not AreReady(Kinds, Blocks, Values, True) Then Exit Function
        Set memory = NewMemory(FunctionName, Values)
    ElseIf memory.HasBlanks() Then
        If Not AreReady(Kinds, Blocks, Values, True) Then Exit Function
    End If
    known = memory.Recall(own)
    If IsArray(known) Then
        KaoheAnswered = known(0)
        Exit Function
    End If
    Set rows = New Collection
    asked = Values
    If memory.IsTimeToLook(CallingRow()) Then everyone = LookAhead(FunctionName, Kinds, Blocks, own, memory, rows, asked, at)
    If UBound(asked) > UBound(Values) Then
        KaoheAnswered = Kept(memory, own, rows, KaoheAskServer(EACH_ROW, asked))
    Else
        KaoheAnswered = Kept(memory, own, rows, KaoheAskServer(FunctionName, asked))
    End If
    If IsArray(everyone) Then KaoheExpect CallingCell(), FunctionName, at, everyone, memory
End Function

' Whether what is shared may be something else in other rows: a single value, or cells of the row that calls.
Private Function IsOfThisRow(ByRef Block As Variant, ByRef Value As Variant) As Boolean
    If IsArray(Value) Then
        If IsObject(Block) Then If Block.Rows.Count = 1 Then IsOfThisRow = Block.Row = CallingRow()
    Else
        IsOfThisRow = Not IsMissing(Value)
    End If
End Function

' Whether all arguments that rows share, or all others, have their values.
Private Function AreReady(ByVal Kinds As String, ByRef Blocks As Variant, ByRef Values As Variant, ByVal OfShared As Boolean) As Boolean
    Dim i As Long
    For i = LBound(Values) To UBound(Values)
        If KaoheIsShared(Kinds, i) = OfShared Then If Not KaoheIsReady(Blocks(i), Values(i)) Then Exit Function
    Next i
    AreReady = True
End Function

' Remember what came for the rows; returns this row's.
Private Function Kept(ByVal Memory As KaoheMemory, ByVal Own As Variant, ByVal Rows As Collection, ByVal Answer As Variant) As Variant
    Dim row As Variant, n As Long
    If Rows.Count < 2 Then
        Memory.Keep Own, Answer
        Kept = Answer
        Exit Function
    End If
    If Not IsArray(Answer) Then
        ' What is wrong with the shared arguments is wrong for every row.
        For Each row In Rows
            Memory.Keep row, Answer
        Next row
        Kept = Answer
        Exit Function
    End If
    For Each row In Rows
        Memory.Keep row, Answer(LBound(Answer, 1) + n, LBound(Answer, 2))
        n = n + 1
    Next row
    Kept = Answer(LBound(Answer, 1), LBound(Answer, 2))
End Function

' Whether a call is for one row, and not for a block of them.
Private Function IsOneRow(ByVal Kinds As String, ByRef Values As Variant) As Boolean
    Dim i As Long
    For i = LBound(Values) To UBound(Values)
        Select Case LCase$(Mid$(Kinds, i + 1, 1))
            Case SHARED_BY_ROWS
            Case A_SET
                If KaoheDimensions(Values(i)) <> 2 Then Exit Function
                If UBound(Values(i), 1) > LBound(Values(i), 1) Or UBound(Values(i), 2) = LBound(Values(i), 2) Then Exit Function
            Case A_ROW
                If IsArray(Values(i)) Then
                    If KaoheDimensions(Values(i)) = 2 Then
                        If UBound(Values(i), 1) > LBound(Values(i), 1) Then Exit Function
                    ElseIf IsArray(Values(i)(LBound(Values(i)))) Then
                        Exit Function
                    End If
                End If
            Case Else
                If IsArray(Values(i)) Then Exit Function
        End Select
    Next i
    IsOneRow = True
End Function

' What is known about a function with these shared arguments in the column of the calling cell; Nothing if nothing is.
Private Function MemoryOf(ByVal FunctionName As String, ByVal Kinds As String, ByRef Values As Variant) As KaoheMemory
    Dim memories As Collection, memory As KaoheMemory, i As Long
    Set memories = MemoriesOf(FunctionName)
    For i = 1 To memories.Count
        Set memory = memories(i)
        If memory.IsAbout(Kinds, Values) Then
            If i > 1 Then
                memories.Remove i
                memories.Add memory, , 1
            End If
            Set MemoryOf = memory
            Exit Function
        End If
    Next i
End Function

Private Function NewMemory(ByVal FunctionName As String, ByRef Values As Variant) As KaoheMemory
    Dim memories As Collection, row As Long
    Set memories = MemoriesOf(FunctionName)
    row = CallingRow()
    Set NewMemory = New KaoheMemory
    If memories.Count = 0 Then
        NewMemory.Begin Values, row
        memories.Add NewMemory
    Else
        NewMemory.Begin Values, row, memories(1)
        memories.Add NewMemory, , 1
    End If
    If memories.Count > MOST_MEMORIES Then memories.Remove memories.Count
End Function

Private Function MemoriesOf(ByVal FunctionName As String) As Collection
    Dim place As String
    place = FunctionName & vbTab & CallingColumn()
    If mPlaces Is Nothing Then Set mPlaces = New Collection
    If mPlaces.Count > MOST_PLACES Then Set mPlaces = New Collection
    On Error Resume Next
    Set MemoriesOf = mPlaces(place)
    On Error GoTo 0
    If MemoriesOf Is Nothing Then
        Set MemoriesOf = New Collection
        mPlaces.Add MemoriesOf, place
    End If
End Function

' The cell whose formula calls; nothing for array formulas and for calls from elsewhere.
Private Function CallingCell() As Object
    Dim cell As Object
    On Error GoTo None
    If TypeName(Application.Caller) <> "Range" Then Exit Function
    Set cell = Application.Caller
    If cell.Rows.Count > 1 Or cell.Columns.Count > 1 Then Exit Function
    If cell.HasArray Then Exit Function
    Set CallingCell = cell
None:
End Function

Private Function CallingColumn() As String
    Dim cell As Object
    Set cell = CallingCell()
    If Not cell Is Nothing Then CallingColumn = KaoheNameOfColumn(cell)
End Function

Private Function CallingRow() As Long
    Dim cell As Object
    Set cell = CallingCell()
    If Not cell Is Nothing Then CallingRow = cell.Row
End Function

' Ask for the other rows as well: Rows gets the arguments of each row to ask for, this one's first; Asked the arguments as
' blocks; At where the call's arguments begin in the formula. Returns the first row's number, and the arguments of each row that
' is asked for or was.
Private Function LookAhead(ByVal FunctionName As String, ByVal Kinds As String, ByRef Arguments As Variant, ByRef Own As Variant, ByVal Memory As KaoheMemory, ByVal Rows As Collection, ByRef Asked As Variant, ByRef At As Long) As Variant
    Dim formula As String, cell As Object, first As Long, last As Long, n As Long, i As Long, columns As Variant, row As Variant, everyone() As Variant
    Dim ready() As Boolean, seen As New KaoheMemory, before As Variant, isForeseen As Boolean, areSingle As Boolean
    If KaoheIsForeseeing() Then Exit Function
    Set cell = CallingCell()
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
        If Mid$(Kinds, i + 1, 1) <> SHARED_BY_ROWS Then
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
    seen.Begin Own
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
    LookAhead = Array(first, everyone)
    Memory.Look LookAhead, Rows.Count > 1
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
        First = Larger(body.Row, Cell.Row - MOST_ROWS)
        Last = Smaller(body.Row + body.Rows.Count - 1, Cell.Row + MOST_ROWS)
        Exit Sub
    End If
    With Cell.Worksheet.UsedRange
        top = Larger(.Row, Cell.Row - MOST_ROWS)
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

Private Function Larger(ByVal A As Long, ByVal B As Long) As Long
    If A > B Then Larger = A Else Larger = B
End Function

Private Function Smaller(ByVal A As Long, ByVal B As Long) As Long
    If A < B Then Smaller = A Else Smaller = B
End Function
