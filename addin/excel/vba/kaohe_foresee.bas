Option Explicit
Option Private Module

' What other rows of a table are going to ask for. Nothing here is an answer: what is foreseen wrongly costs time only.

Private Const LONGEST_EXPRESSION As Long = 255   ' that Evaluate takes
Private Const OUR_BEGINNING As String = "KAOHE_"
Private Const DEEPEST As Long = 30
Private Const OF_A_ROWS_CELLS As String = " SUM AVERAGE COUNT "
Private Const LOOSEST_FIRST As String = "=<> & +- */"   ' operators, as they bind

Private mExpected As Collection      ' by column, or call in it: Array(first row, what its cells are expected to come to)
Private mColumns As Collection       ' the same for columns whose formulas were worked out since the look began
Private mDepth As Long               ' of formulas that wait for one another
Private mIsForeseeing As Boolean     ' while arguments of other rows are worked out, by formulas that may call us

Public Sub KaoheExpectNothing()
    Set mExpected = Nothing
End Sub

Public Function KaoheIsForeseeing() As Boolean
    KaoheIsForeseeing = mIsForeseeing
End Function

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
    found = Array(Everyone(0), cells)
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
            value = AllRows(Cell, text)
            If IsArray(value) Or IsNull(value) Then Exit Function
            If Not KaoheSame(value, AllRows(Cell, KaoheArgument(Formula, B, i))) Then Exit Function
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
    Set body = Cell.ListObject.DataBodyRange
    found = WorkedOut(Cell, Mid$(Cell.Formula, 2), body)
    mDepth = mDepth - 1
    If Not IsColumn(found, body) Then Exit Function
    ReDim cells(1 To UBound(found, 1))
    For row = 1 To UBound(found, 1)
        If Not IsNull(found(row, 1)) Then cells(row) = found(row, 1)
    Next row
    ExpectedColumn = Array(body.Row, cells)
    mColumns.Remove key
    mColumns.Add Array(ExpectedColumn), key
End Function

Private Function IsColumn(ByRef Values As Variant, ByVal Body As Object) As Boolean
    If KaoheDimensions(Values) = 2 Then IsColumn = UBound(Values, 1) = Body.Rows.Count And UBound(Values, 2) = 1
End Function

' What is expected in one row; Empty if nothing is known.
Private Function ExpectedAt(ByRef Expected As Variant, ByVal Row As Long) As Variant
    Dim n As Long
    If IsEmpty(Expected) Then Exit Function
    n = Row - Expected(0) + 1
    If n >= 1 And n <= UBound(Expected(1)) Then ExpectedAt = Expected(1)(n)
End Function

' The values that a range of one row has in all rows; Empty where it is taken to be everywhere as here.
Public Function KaoheRowsOf(ByVal Cell As Object, ByVal Argument As Object, ByVal First As Long, ByVal Last As Long, ByRef Ready() As Boolean) As Variant
    Dim block As Object, values As Variant
    If Argument.Row <> Cell.Row Or Argument.Rows.Count > 1 Then Exit Function
    If Argument.Worksheet.Name <> Cell.Worksheet.Name Then Exit Function
    If Argument.Worksheet.Parent.Name <> Cell.Worksheet.Parent.Name Then Exit Function
    Set block = Argument.Offset(First - Cell.Row).Resize(Last - First + 1)
    values = block.Value2
    Complete block, values, Ready
    KaoheRowsOf = values
End Function

' What is expected in place of what is still to be calculated; rows of which something isn't known are not ready.
Private Sub Complete(ByVal Block As Object, ByRef Values As Variant, ByRef Ready() As Boolean)
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

' Which call of a function in a cell's formula has these arguments: those that are ranges begin where these do, and what is
' worked out comes to what came here. Where its arguments begin in the formula: of the first that is certain, else of the first
' that is possible, else of the last; 0 if there is none.
Public Function KaoheCallLike(ByVal Cell As Object, ByVal Formula As String, ByVal FunctionName As String, ByRef Arguments As Variant) As Long
    Dim at As Long, possible As Long, isCertain As Boolean
    at = KaoheNextCall(Formula, FunctionName, 1)
    KaoheCallLike = at
    If at > 0 Then If KaoheNextCall(Formula, FunctionName, at) = 0 Then Exit Function   ' there is no other
    Do While at > 0
        KaoheCallLike = at
        If IsCallLike(Cell, Formula, at, Arguments, isCertain) Then
            If isCertain Then Exit Function
            If possible = 0 Then possible = at
        End If
        at = KaoheNextCall(Formula, FunctionName, at)
    Loop
    If possible > 0 Then KaoheCallLike = possible
End Function

Private Function IsCallLike(ByVal Cell As Object, ByVal Formula As String, ByVal At As Long, ByRef Arguments As Variant, ByRef IsCertain As Boolean) As Boolean
    Dim i As Long, found As Variant
    IsCertain = True
    For i = LBound(Arguments) To UBound(Arguments)
        If IsObject(Arguments(i)) Then
            If Not IsRangeLike(Cell, KaoheArgument(Formula, At, i), Arguments(i), IsCertain) Then Exit Function
        ElseIf IsMissing(Arguments(i)) Then
            If Len(KaoheArgument(Formula, At, i)) > 0 Then Exit Function
        ElseIf Not IsArray(Arguments(i)) Then
            found = HereOf(Cell, KaoheArgument(Formula, At, i))
            If IsNull(found) Then
                IsCertain = False
            ElseIf Not KaoheSame(found, Arguments(i)) Then
                Exit Function
            End If
        End If
    Next i
    IsCallLike = True
End Function

' What an expression comes to in its own row; Null if that can't be worked out.
Private Function HereOf(ByVal Cell As Object, ByVal Expression As String) As Variant
    Dim found As Variant
    HereOf = Null
    If Cell.ListObject Is Nothing Then Exit Function
    found = AllRows(Cell, Expression)
    If Not IsArray(found) Then
        HereOf = found
    ElseIf IsColumn(found, Cell.ListObject.DataBodyRange) Then
        HereOf = found(Cell.Row - Cell.ListObject.DataBodyRange.Row + 1, 1)
    End If
End Function

' Whether an expression may be a range that begins in the same cell; one of this row, in the same column.
Private Function IsRangeLike(ByVal Cell As Object, ByVal Expression As String, ByVal Block As Object, ByRef IsCertain As Boolean) As Boolean
    Dim columns As String, found As Object, isOfRow As Boolean
    columns = Trim$(Expression)
    If Not Cell.ListObject Is Nothing Then
        If Left$(columns, 1) = "[" Then columns = Cell.ListObject.Name & columns   ' the table's own columns need not name it
        isOfRow = Len(KaoheAllRows(columns, "")) > 0
        If isOfRow Then columns = KaoheAllRows(columns, "")
    End If
    If InStr(columns, "(") = 0 Then Set found = RangeAnywhere(Cell.Worksheet, columns)
    IsRangeLike = True
    If found Is Nothing Then
        IsCertain = False
    Else
        IsRangeLike = found.Column = Block.Column And (isOfRow Or found.Row = Block.Row) And found.Worksheet.Name = Block.Worksheet.Name
    End If
End Function

' What an argument that is worked out in the formula comes to in the other rows. Worth having only if it gives here what
' came here.
Public Function KaoheForeseen(ByVal Cell As Object, ByVal Expression As String, ByRef Own As Variant, ByVal First As Long, ByVal Last As Long, ByRef Ready() As Boolean) As Variant
    Dim found As Variant, row As Long
    If IsArray(Own) Then Exit Function
    If Cell.ListObject Is Nothing Then Exit Function
    found = AllRows(Cell, Expression)
    If Not IsColumn(found, Cell.ListObject.DataBodyRange) Then Exit Function
    If UBound(found, 1) <> Last - First + 1 Then Exit Function
    If Not KaoheSame(found(Cell.Row - First + 1, 1), Own) Then Exit Function
    For row = 1 To UBound(found, 1)
        If IsNull(found(row, 1)) Then Ready(row) = False
    Next row
    KaoheForeseen = found
End Function

' An expression of a formula in all rows of the table, as WorkedOut gives it; Null where something fails.
Private Function AllRows(ByVal Cell As Object, ByVal Expression As String) As Variant
    AllRows = Null
    On Error GoTo Unforeseen
    mIsForeseeing = True
    AllRows = WorkedOut(Cell, Expression, Cell.ListObject.DataBodyRange)
Unforeseen:
    mIsForeseeing = False
End Function

' What an expression of this row comes to in all rows: choices, comparisons, sums and products are worked out here, from what
' is there or expected; anything else by Excel, for which whole columns take the place of this row's cells. A column of values,
' Null where one isn't known, or a block of them for several cells of the row; or one value, if nothing in it belongs to a row.
Private Function WorkedOut(ByVal Cell As Object, ByVal Expression As String, ByVal Body As Object) As Variant
    Dim text As String, at As Long, n As Long, width As Long, columns As String, key As String, values As Variant, operators As Variant
    text = Trim$(Expression)
    WorkedOut = Null
    For Each operators In Split(LOOSEST_FIRST)
        at = KaoheLastOperator(text, operators)
        If at > 0 Then
            width = 1
            If InStr("=<>", Mid$(text, at, 1)) > 0 And InStr("=>", Mid$(text, at + 1, 1)) > 0 Then width = 2
            WorkedOut = KaoheCombined(WorkedOut(Cell, Left$(text, at - 1), Body), Mid$(text, at, width), WorkedOut(Cell, Mid$(text, at + width), Body), Body.Rows.Count)
            Exit Function
        End If
    Next operators
    key = KaoheWholeCall(text)
    If Left$(key, Len(OUR_BEGINNING)) = OUR_BEGINNING Then
        values = ExpectedRows(KaoheNameOfColumn(Cell) & vbTab & text, Body)
        If IsArray(values) Then WorkedOut = values
        Exit Function   ' what isn't expected, the cells themselves are going to ask
    End If
    columns = KaoheAllRows(text, Cell.ListObject.Name)
    If Len(columns) = 0 Then
        If InStr(text, OUR_BEGINNING) = 0 Then columns = Shortened(Cell.Worksheet, KaoheOutsideTable(text, Cell.ListObject.Name))
        If Len(columns) > 0 And Len(columns) <= LONGEST_EXPRESSION Then WorkedOut = Cell.Worksheet.Evaluate(columns)
        Exit Function
    End If
    If Left$(text, 1) = "-" Then
        WorkedOut = KaoheCombined(0#, "-", WorkedOut(Cell, Mid$(text, 2), Body), Body.Rows.Count)
        Exit Function
    ElseIf Left$(text, 1) = "(" And Right$(text, 1) = ")" Then
        WorkedOut = WorkedOut(Cell, Mid$(text, 2, Len(text) - 2), Body)
        Exit Function
    End If
    values = RowsIn(Cell.Worksheet, columns, Body)
    If IsArray(values) Then
        WorkedOut = values
        Exit Function
    ElseIf key = "IF" Then
        at = Len(key) + 2
        WorkedOut = KaoheChosen(WorkedOut(Cell, KaoheArgument(text, at, 0), Body), WorkedOut(Cell, KaoheArgument(text, at, 1), Body), WorkedOut(Cell, KaoheArgument(text, at, 2), Body), Body.Rows.Count)
        Exit Function
    ElseIf key = "IFERROR" Then
        at = Len(key) + 2
        values = WorkedOut(Cell, KaoheArgument(text, at, 0), Body)
        WorkedOut = KaoheChosen(KaoheKinds(values, vbError, Body.Rows.Count), WorkedOut(Cell, KaoheArgument(text, at, 1), Body), values, Body.Rows.Count)
        Exit Function
    ElseIf key = "ISNUMBER" Then
        WorkedOut = KaoheKinds(WorkedOut(Cell, KaoheArgument(text, Len(key) + 2, 0), Body), vbDouble, Body.Rows.Count)
        Exit Function
    ElseIf key = "SUMPRODUCT" Then
        at = Len(key) + 2
        values = WorkedOut(Cell, KaoheArgument(text, at, 0), Body)
        n = 1
        Do While Len(KaoheArgument(text, at, n)) > 0
            values = KaoheCombined(values, ",", WorkedOut(Cell, KaoheArgument(text, at, n), Body), Body.Rows.Count)
            n = n + 1
        Loop
        If IsArray(values) Then WorkedOut = KaoheOfRows(values, "SUM")
        Exit Function
    ElseIf InStr(OF_A_ROWS_CELLS, " " & key & " ") > 0 Then
        ' Excel would take the cells of all rows.
        values = RowsIn(Cell.Worksheet, KaoheAllRows(KaoheArgument(text, Len(key) + 2, 0), Cell.ListObject.Name), Body)
        If IsArray(values) And Len(KaoheArgument(text, Len(key) + 2, 1)) = 0 Then WorkedOut = KaoheOfRows(values, key)
        Exit Function
    End If
    If InStr(text, OUR_BEGINNING) > 0 Then Exit Function
    columns = Shortened(Cell.Worksheet, columns)
    If Len(columns) = 0 Or Len(columns) > LONGEST_EXPRESSION Then Exit Function
    values = Cell.Worksheet.Evaluate(columns)
    If IsColumn(values, Body) Then WorkedOut = values
End Function

' The values of columns of the table, with what is expected in place of what is still to be calculated: Null in rows where
' that isn't known.
Private Function RowsIn(ByVal Sheet As Object, ByVal Columns As String, ByVal Body As Object) As Variant
    Dim block As Object, values As Variant, ready() As Boolean, row As Long, column As Long
    Set block = RangeIn(Sheet, Columns)
    If block Is Nothing Then Exit Function
    If block.Rows.Count <> Body.Rows.Count Or block.Rows.Count = 1 Then Exit Function
    values = block.Value2
    ReDim ready(1 To Body.Rows.Count)
    For row = 1 To Body.Rows.Count
        ready(row) = True
    Next row
    Complete block, values, ready
    For row = 1 To Body.Rows.Count
        If Not ready(row) Then
            For column = 1 To UBound(values, 2)
                values(row, column) = Null
            Next column
        End If
    Next row
    RowsIn = values
End Function

' What is expected for a column or a call in it, as a column of values.
Private Function ExpectedRows(ByVal Key As String, ByVal Body As Object) As Variant
    Dim result() As Variant, row As Long, known As Variant
    known = Expectation(Key)
    If IsEmpty(known) Then Exit Function
    ReDim result(1 To Body.Rows.Count, 1 To 1)
    For row = 1 To Body.Rows.Count
        result(row, 1) = ExpectedAt(known, Body.Row + row - 1)
        If IsEmpty(result(row, 1)) Then result(row, 1) = Null
    Next row
    ExpectedRows = result
End Function

' The expression with the columns of tables as plain ranges where they stand on the same sheet: Evaluate takes little. An empty
' text where one of them is still to be calculated, for which Excel would take nothing.
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
            If Not IsThere(Sheet, reference) Then
                Shortened = ""
                Exit Function
            End If
            result = Left$(result, start) & AddressIn(Sheet, reference)
        Else
            result = result & Mid$(Expression, at, last - at + 1)
        End If
        at = last + 1
    Loop
    Shortened = result
End Function

Private Function IsThere(ByVal Sheet As Object, ByVal Reference As String) As Boolean
    Dim found As Object
    Set found = RangeIn(Sheet, Reference)
    IsThere = True
    If Not found Is Nothing Then IsThere = KaoheIsCalculated(found, found.Value2)
End Function

Private Function AddressIn(ByVal Sheet As Object, ByVal Reference As String) As String
    Dim found As Object
    AddressIn = Reference
    Set found = RangeIn(Sheet, Reference)
    If found Is Nothing Then Exit Function
    If found.Worksheet.Name = Sheet.Name Then AddressIn = found.Address(False, False)
End Function

' The range of a reference; Nothing for any other expression.
Private Function RangeIn(ByVal Sheet As Object, ByVal Reference As String) As Object
    On Error GoTo None
    Set RangeIn = Sheet.Range(Reference)
None:
End Function

' The same for one that may stand on another sheet.
Private Function RangeAnywhere(ByVal Sheet As Object, ByVal Reference As String) As Object
    On Error GoTo None
    Set RangeAnywhere = Sheet.Evaluate(Reference)
None:
End Function
