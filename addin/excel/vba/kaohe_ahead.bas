Option Explicit
Option Private Module

' One call of Python for a whole column. A formula that is called for one row asks for all rows of its table at once, and
' keeps the answers together with everything that was asked; a later row is answered from there only where its values are
' the same as those that were asked for. What is foreseen wrongly costs time, never a wrong number.
'
' A function's kinds have a letter for each argument: r a row, s a row of which a column would be a set of its own, c a
' cell, k a key of this row (capitals may be left out), and a dot for what all rows share.

Private Const SHARED_BY_ROWS As String = "."
Private Const A_ROW As String = "r"
Private Const A_SET As String = "s"
Private Const MOST_ROWS As Long = 5000        ' on either side of the calling cell
Private Const MOST_MEMORIES As Long = 64      ' of one function in one column
Private Const MOST_PLACES As Long = 2000
Private Const LONGEST_EXPRESSION As Long = 255   ' that Evaluate takes

Private mPlaces As Collection     ' by function and column: a collection of memories, the newest first
Private mIsLooking As Boolean     ' while the other rows' arguments are worked out

Public Sub KaoheForgetAnswers()
    Set mPlaces = Nothing
End Sub

' A call's answer, from what is known or from Python.
Public Function KaoheAnswered(ByVal FunctionName As String, ByVal Kinds As String, ByVal Arguments As Variant, ByVal Values As Variant) As Variant
    Dim own As Variant, common As Variant, memory As KaoheMemory, rows As Collection, asked As Variant, known As Variant, i As Long
    If Not IsOneRow(Kinds, Values) Then
        KaoheAnswered = KaoheAskServer(FunctionName, Values)
        Exit Function
    End If
    own = Values
    common = Values
    For i = LBound(Values) To UBound(Values)
        If Mid$(Kinds, i + 1, 1) = SHARED_BY_ROWS Then own(i) = Empty Else common(i) = Empty
    Next i
    Set memory = MemoryOf(FunctionName, common)
    known = memory.Recall(own)
    If IsArray(known) Then
        KaoheAnswered = known(0)
        Exit Function
    End If
    Set rows = New Collection
    asked = Values
    If memory.IsTimeToLook() Then LookAhead FunctionName, Kinds, Arguments, own, memory, rows, asked
    KaoheAnswered = Kept(memory, own, rows, KaoheAskServer(FunctionName, asked))
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

' What is known about a function with these shared arguments in the column of the calling cell.
Private Function MemoryOf(ByVal FunctionName As String, ByRef Common As Variant) As KaoheMemory
    Dim memories As Collection, memory As KaoheMemory, place As String, i As Long
    place = FunctionName & vbTab & CallingColumn()
    If mPlaces Is Nothing Then Set mPlaces = New Collection
    If mPlaces.Count > MOST_PLACES Then Set mPlaces = New Collection
    On Error Resume Next
    Set memories = mPlaces(place)
    On Error GoTo 0
    If memories Is Nothing Then
        Set memories = New Collection
        mPlaces.Add memories, place
    End If
    For i = 1 To memories.Count
        Set memory = memories(i)
        If memory.IsAbout(Common) Then
            If i > 1 Then
                memories.Remove i
                memories.Add memory, , 1
            End If
            Set MemoryOf = memory
            Exit Function
        End If
    Next i
    Set memory = New KaoheMemory
    memory.Begin Common
    If memories.Count = 0 Then memories.Add memory Else memories.Add memory, , 1
    If memories.Count > MOST_MEMORIES Then memories.Remove memories.Count
    Set MemoryOf = memory
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
    If Not cell Is Nothing Then CallingColumn = cell.Column & vbTab & cell.Worksheet.Name & vbTab & cell.Worksheet.Parent.Name
End Function

' Ask for the other rows as well: Rows gets each row's own arguments, this one's first; Asked the arguments as blocks.
Private Sub LookAhead(ByVal FunctionName As String, ByVal Kinds As String, ByVal Arguments As Variant, ByVal Own As Variant, ByVal Memory As KaoheMemory, ByVal Rows As Collection, ByRef Asked As Variant)
    Dim cell As Object, first As Long, last As Long, n As Long, i As Long, columns As Variant, row As Variant
    Dim ready() As Boolean, seen As New KaoheMemory, isForeseen As Boolean
    If mIsLooking Then Exit Sub
    Set cell = CallingCell()
    If cell Is Nothing Then Exit Sub
    RowsAround cell, first, last
    If last <= first Then Exit Sub
    ReDim ready(1 To last - first + 1)
    For n = 1 To UBound(ready)
        ready(n) = True
    Next n
    columns = Own
    For i = LBound(Own) To UBound(Own)
        columns(i) = Empty
        If Mid$(Kinds, i + 1, 1) <> SHARED_BY_ROWS Then
            If IsObject(Arguments(i)) Then
                columns(i) = ColumnOf(cell, Arguments(i), first, last, ready)
            ElseIf VarType(Own(i)) <> vbError Then
                columns(i) = Foreseen(cell, FunctionName, i, Own(i), first, last)
            End If
            If IsArray(columns(i)) Then isForeseen = True
        End If
    Next i
    If Not isForeseen Then Exit Sub
    seen.Begin Own
    seen.Keep Own, Empty
    Rows.Add Own
    For n = 1 To UBound(ready)
        If ready(n) Then
            row = Own
            For i = LBound(Own) To UBound(Own)
                If IsArray(columns(i)) Then row(i) = RowOf(columns(i), n)
            Next i
            If IsLeftOutAlike(Kinds, Own, row) Then
                If Not seen.Holds(row) Then
                    If Not Memory.Holds(row) Then
                        Rows.Add row
                        seen.Keep row, Empty
                    End If
                End If
            End If
        End If
    Next n
    If Rows.Count < 2 Then Exit Sub
    For i = LBound(Own) To UBound(Own)
        If IsArray(columns(i)) Then If Not IsLeftOut(Mid$(Kinds, i + 1, 1), Own(i)) Then Asked(i) = BlockOf(Rows, i, UBound(columns(i), 2))
    Next i
End Sub

' The rows of the table a cell stands in; else those around it that have the same formula.
Private Sub RowsAround(ByVal Cell As Object, ByRef First As Long, ByRef Last As Long)
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

' The values that a range of one row has in all rows; Empty where it is taken to be everywhere as here.
Private Function ColumnOf(ByVal Cell As Object, ByVal Argument As Object, ByVal First As Long, ByVal Last As Long, ByRef Ready() As Boolean) As Variant
    Dim block As Object, values As Variant
    If Argument.Row <> Cell.Row Or Argument.Rows.Count > 1 Then Exit Function
    If Argument.Worksheet.Name <> Cell.Worksheet.Name Then Exit Function
    If Argument.Worksheet.Parent.Name <> Cell.Worksheet.Parent.Name Then Exit Function
    Set block = Argument.Offset(First - Cell.Row).Resize(Last - First + 1)
    values = block.Value2
    NoteUncalculated block, values, Ready
    ColumnOf = values
End Function

Private Sub NoteUncalculated(ByVal Block As Object, ByRef Values As Variant, ByRef Ready() As Boolean)
    Dim formulas As Variant, row As Long, column As Long
    If KaoheIsCalculated(Block, Values) Then Exit Sub
    formulas = Block.Formula
    For row = 1 To UBound(Values, 1)
        For column = 1 To UBound(Values, 2)
            If IsEmpty(Values(row, column)) Then If Len(formulas(row, column)) > 0 Then Ready(row) = False
        Next column
    Next row
End Sub

' What an argument that is worked out in the formula comes to in the other rows: its text with whole columns in place of
' this row's cells. Worth having only if it gives here what came here.
Private Function Foreseen(ByVal Cell As Object, ByVal FunctionName As String, ByVal Place As Long, ByVal Own As Variant, ByVal First As Long, ByVal Last As Long) As Variant
    Dim text As String, expression As String, at As Long, found As Variant, body As Object
    If IsArray(Own) Then Exit Function
    If Cell.ListObject Is Nothing Then Exit Function
    Set body = Cell.ListObject.DataBodyRange
    If body.Rows.Count <> Last - First + 1 Then Exit Function
    text = Cell.Formula
    On Error GoTo Unforeseen
    mIsLooking = True
    at = KaoheNextCall(text, FunctionName, 1)
    Do While at > 0
        expression = KaoheAllRows(KaoheArgument(text, at, Place), Cell.ListObject.Name)
        If Len(expression) > 0 Then
            expression = Shortened(Cell.Worksheet, expression)
            If Len(expression) <= LONGEST_EXPRESSION Then
                found = Cell.Worksheet.Evaluate(expression)
                If KaoheDimensions(found) = 2 Then
                    If UBound(found, 1) = body.Rows.Count And UBound(found, 2) = 1 Then
                        If KaoheSame(found(Cell.Row - body.Row + 1, 1), Own) Then
                            Foreseen = found
                            Exit Do
                        End If
                    End If
                End If
            End If
        End If
        at = KaoheNextCall(text, FunctionName, at)
    Loop
Unforeseen:
    mIsLooking = False
End Function

' The expression with the columns of tables as plain ranges where they stand on the same sheet: Evaluate takes little.
Private Function Shortened(ByVal Sheet As Object, ByVal Expression As String) As String
    Dim at As Long, last As Long, start As Long, result As String, reference As String
    at = 1
    Do While at <= Len(Expression)
        last = KaoheEndOfPart(Expression, at)
        If Mid$(Expression, at, 1) = "[" Then
            start = Len(result)
            Do While start > 0
                If Not KaoheIsNameCharacter(Mid$(result, start, 1)) Then Exit Do
                start = start - 1
            Loop
            reference = Mid$(result, start + 1) & Mid$(Expression, at, last - at + 1)
            result = Left$(result, start) & AddressIn(Sheet, reference)
        Else
            result = result & Mid$(Expression, at, last - at + 1)
        End If
        at = last + 1
    Loop
    Shortened = result
End Function

Private Function AddressIn(ByVal Sheet As Object, ByVal Reference As String) As String
    Dim found As Object
    AddressIn = Reference
    On Error GoTo AsItIs
    Set found = Sheet.Range(Reference)
    If found.Worksheet.Name = Sheet.Name Then AddressIn = found.Address(False, False)
AsItIs:
End Function

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
