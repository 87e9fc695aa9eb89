Option Explicit
Option Private Module

' What columns and calls of formulas are expected to come to, from answers that are there. Nothing here is an answer: what is
' expected wrongly costs time only.

Private Const DEEPEST As Long = 30

Private mExpected As Collection      ' by column, or call in it: Array(first row, what its cells are expected to come to, last argument)
Private mColumns As Collection       ' the same for columns whose formulas were worked out since the look began
Private mDepth As Long               ' of formulas that wait for one another

Public Sub KaoheExpectNothing()
    Set mExpected = Nothing
End Sub

Public Function KaoheNameOfColumn(ByVal Cell As Object) As String
    KaoheNameOfColumn = Cell.Column & vbTab & Cell.Worksheet.Name & vbTab & Cell.Worksheet.Parent.Name
End Function

' Keep what a call, whose arguments begin at a place in the cell's formula, comes to in the rows of the column, and thereby, as
' far as it alone makes them, the cells: what depends on them is foreseen before Excel has calculated them. The same holds for
' other calls that want the same, which are answered without a look.
Public Sub KaoheExpect(ByVal Cell As Object, ByVal FunctionName As String, ByVal At As Long, ByRef Everyone As Variant, ByVal Memory As KaoheMemory)
    Dim cells() As Variant, n As Long, known As Variant, found As Variant, last As Long, formula As String, column As String, other As Long
    ReDim cells(1 To UBound(Everyone(1)))
    For n = 1 To UBound(cells)
        If IsArray(Everyone(1)(n)) Then
            last = UBound(Everyone(1)(n))
            known = Memory.Known(Everyone(1)(n))
            If IsArray(known) Then cells(n) = known(0)
        End If
    Next n
    column = KaoheNameOfColumn(Cell)
    found = Array(Everyone(0), cells, last)
    Expect column, found
    formula = Cell.Formula
    other = KaoheNextCall(formula, FunctionName, 1)
    Do While other > 0
        If AsksTheSame(Cell, formula, other, At, last) Then Expect column & vbTab & KaoheCallText(formula, FunctionName, other), found
        other = KaoheNextCall(formula, FunctionName, other)
    Loop
End Sub

Private Sub Expect(ByVal Key As String, ByRef Found As Variant)
    If mExpected Is Nothing Then Set mExpected = New Collection
    On Error Resume Next
    mExpected.Remove Key
    mExpected.Add Found, Key
End Sub

' Whether two calls of a formula have the same arguments: the same texts, or what is now the same value in every row.
Private Function AsksTheSame(ByVal Cell As Object, ByVal Formula As String, ByVal A As Long, ByVal B As Long, ByVal Last As Long) As Boolean
    Dim i As Long, text As String, value As Variant
    For i = 0 To Last
        text = KaoheArgument(Formula, A, i)
        If text <> KaoheArgument(Formula, B, i) Then
            value = KaoheForeseenRows(Cell, text)
            If IsArray(value) Or IsNull(value) Then Exit Function
            If Not KaoheSame(value, KaoheForeseenRows(Cell, KaoheArgument(Formula, B, i))) Then Exit Function
        End If
    Next i
    AsksTheSame = True
End Function

' Another look begins: what columns come to may be known better.
Public Sub KaoheLookAgain()
    Set mColumns = New Collection
    mDepth = 0
End Sub

' What is expected for a column or a call in it; Empty if nothing is.
Private Function Expectation(ByVal Key As String) As Variant
    On Error GoTo Unknown
    Expectation = mExpected(Key)
Unknown:
End Function

' What the cells of a column are going to come to, as far as its formula can be worked out; else what was expected last.
Private Function ExpectedColumn(ByVal Cell As Object) As Variant
    Dim key As String, known As Variant, body As Object, found As Variant, cells() As Variant, row As Long
    key = KaoheNameOfColumn(Cell)
    On Error Resume Next
    If mColumns Is Nothing Then Set mColumns = New Collection
    known = mColumns(key)
    If IsArray(known) Then
        ExpectedColumn = known(0)
        Exit Function
    End If
    ExpectedColumn = Expectation(key)
    mColumns.Add Array(ExpectedColumn), key   ' also for formulas that read their own column
    If mDepth >= DEEPEST Then Exit Function
    mDepth = mDepth + 1
    Set body = KaoheBodyOf(Cell)
    found = KaoheWorkedOut(Cell, Mid$(Cell.Formula, 2), body)
    mDepth = mDepth - 1
    If Not KaoheIsColumn(found, body) Then Exit Function
    ReDim cells(1 To UBound(found, 1))
    For row = 1 To UBound(found, 1)
        If Not IsNull(found(row, 1)) Then cells(row) = found(row, 1)
    Next row
    ExpectedColumn = Array(body.Row, cells)
    mColumns.Remove key
    mColumns.Add Array(ExpectedColumn), key
End Function

Public Function KaoheIsColumn(ByRef Values As Variant, ByVal Body As Object) As Boolean
    If KaoheDimensions(Values) = 2 Then KaoheIsColumn = UBound(Values, 1) = Body.Rows.Count And UBound(Values, 2) = 1
End Function

' What is expected in one row; Empty if nothing is known.
Private Function ExpectedAt(ByRef Expected As Variant, ByVal Row As Long) As Variant
    Dim n As Long
    If IsEmpty(Expected) Then Exit Function
    n = Row - Expected(0) + 1
    If n >= 1 And n <= UBound(Expected(1)) Then ExpectedAt = Expected(1)(n)
End Function

' What is expected for a column or a call in it, as a column of values.
Public Function KaoheExpectedRows(ByVal Key As String, ByVal Body As Object) As Variant
    Dim result() As Variant, row As Long, known As Variant
    known = Expectation(Key)
    If IsEmpty(known) Then Exit Function
    ReDim result(1 To Body.Rows.Count, 1 To 1)
    For row = 1 To Body.Rows.Count
        result(row, 1) = ExpectedAt(known, Body.Row + row - 1)
        If IsEmpty(result(row, 1)) Then result(row, 1) = Null
    Next row
    KaoheExpectedRows = result
End Function

' The same for a call in a cell's formula: of the same text, or else of another one, where it asks the same.
Public Function KaoheExpectedCall(ByVal Cell As Object, ByVal FunctionName As String, ByVal Text As String, ByVal Body As Object) As Variant
    Dim column As String, formula As String, other As Long, known As Variant
    column = KaoheNameOfColumn(Cell) & vbTab
    KaoheExpectedCall = KaoheExpectedRows(column & Text, Body)
    If IsArray(KaoheExpectedCall) Then Exit Function
    formula = Cell.Formula
    other = KaoheNextCall(formula, FunctionName, 1)
    Do While other > 0
        known = Expectation(column & KaoheCallText(formula, FunctionName, other))
        If IsArray(known) Then
            KaoheExpectedCall = KaoheExpectedRows(column & KaoheCallText(formula, FunctionName, other), Body)
            If LeaveAlike(Cell, formula, other, Text, known(2), Body, KaoheExpectedCall) Then Exit Function
        End If
        other = KaoheNextCall(formula, FunctionName, other)
    Loop
    KaoheExpectedCall = Empty
End Function

' Leave what is expected of the call at a place in a formula only in rows where another one, a text, asks the same; False if that
' is nowhere.
Private Function LeaveAlike(ByVal Cell As Object, ByVal Formula As String, ByVal At As Long, ByVal Text As String, ByVal Last As Long, ByVal Body As Object, ByRef Expected As Variant) As Boolean
    Dim i As Long, row As Long, a As String, b As String, values As Variant, others As Variant
    For i = 0 To Last
        a = KaoheArgument(Formula, At, i)
        b = KaoheArgument(Text, InStr(Text, "(") + 1, i)
        If a <> b Then
            values = KaoheForeseenRows(Cell, a)
            others = KaoheForeseenRows(Cell, b)
            If KaoheIsColumn(values, Body) And KaoheIsColumn(others, Body) Then
                For row = 1 To UBound(values, 1)
                    If IsNull(values(row, 1)) Or Not KaoheSame(values(row, 1), others(row, 1)) Then Expected(row, 1) = Null
                Next row
            ElseIf IsNull(values) Or Not KaoheSame(values, others) Then
                Exit Function
            End If
        End If
    Next i
    LeaveAlike = True
End Function

' The values that a range of one row has in all rows; Empty where it is taken to be everywhere as here.
Public Function KaoheRowsOf(ByVal Cell As Object, ByVal Argument As Object, ByVal First As Long, ByVal Last As Long, ByRef Ready() As Boolean) As Variant
    Dim block As Object, values As Variant
    If Argument.Row <> Cell.Row Or Argument.Rows.Count > 1 Then Exit Function
    If Argument.Worksheet.Name <> Cell.Worksheet.Name Then Exit Function
    If Argument.Worksheet.Parent.Name <> Cell.Worksheet.Parent.Name Then Exit Function
    Set block = Argument.Offset(First - Cell.Row).Resize(Last - First + 1)
    values = block.Value2
    KaoheComplete block, values, Ready
    KaoheRowsOf = values
End Function

' What is expected in place of what is still to be calculated; rows of which something isn't known are not ready.
Public Sub KaoheComplete(ByVal Block As Object, ByRef Values As Variant, ByRef Ready() As Boolean)
    Dim formulas As Variant, row As Long, column As Long, known As Variant
    If KaoheIsCalculated(Block, Values) Then Exit Sub
    formulas = Block.Formula
    For column = 1 To UBound(Values, 2)
        known = ExpectedColumn(Block.Cells(1, column))
        For row = 1 To UBound(Values, 1)
            If IsEmpty(Values(row, column)) Then
                If Len(formulas(row, column)) > 0 Then
                    Values(row, column) = ExpectedAt(known, Block.Row + row - 1)
                    If IsEmpty(Values(row, column)) Then Ready(row) = False
                End If
            End If
        Next row
    Next column
End Sub
