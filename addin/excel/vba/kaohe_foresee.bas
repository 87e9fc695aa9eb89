Option Explicit
Option Private Module

' What the arguments of a call are in the other rows of a table. What is foreseen wrongly costs time only.

Private Const LONGEST_EXPRESSION As Long = 255   ' that Evaluate takes
Private Const OUR_BEGINNING As String = "KAOHE_"
Private Const WORKED_OUT_HERE As String = " IF IFERROR ISFORMULA ISNUMBER SUMPRODUCT SUM AVERAGE COUNT "
Private Const LOOSEST_FIRST As String = "=<> & +- */"   ' operators, as they bind

Private mIsForeseeing As Boolean     ' while arguments of other rows are worked out, by formulas that may call us

Public Function KaoheIsForeseeing() As Boolean
    KaoheIsForeseeing = mIsForeseeing
End Function

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
    Dim found As Variant, body As Object
    HereOf = Null
    Set body = KaoheBodyOf(Cell)
    found = KaoheForeseenRows(Cell, Expression)
    If Not IsArray(found) Then
        HereOf = found
    ElseIf KaoheIsColumn(found, body) Then
        HereOf = found(Cell.Row - body.Row + 1, 1)
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
    found = KaoheForeseenRows(Cell, Expression)
    If Not KaoheIsColumn(found, KaoheBodyOf(Cell)) Then Exit Function
    If UBound(found, 1) <> Last - First + 1 Then Exit Function
    If Not KaoheSame(found(Cell.Row - First + 1, 1), Own) Then Exit Function
    For row = 1 To UBound(found, 1)
        If IsNull(found(row, 1)) Then Ready(row) = False
    Next row
    KaoheForeseen = found
End Function

' An expression of a formula in all rows of the table, as KaoheWorkedOut gives it; Null where something fails.
Public Function KaoheForeseenRows(ByVal Cell As Object, ByVal Expression As String) As Variant
    Dim was As Boolean
    KaoheForeseenRows = Null
    was = mIsForeseeing
    On Error GoTo Unforeseen
    mIsForeseeing = True
    KaoheForeseenRows = KaoheWorkedOut(Cell, Expression, KaoheBodyOf(Cell))
Unforeseen:
    mIsForeseeing = was
End Function

' What an expression of this row comes to in all rows: choices, comparisons, sums and products are worked out here, from what
' is there or expected; anything else by Excel, for which whole columns take the place of this row's cells. A column of values,
' Null where one isn't known, or a block of them for several cells of the row; or one value, if nothing in it belongs to a row.
Public Function KaoheWorkedOut(ByVal Cell As Object, ByVal Expression As String, ByVal Body As Object) As Variant
    Dim text As String, at As Long, width As Long, columns As String, key As String, values As Variant, operators As Variant
    text = Trim$(Expression)
    KaoheWorkedOut = Null
    For Each operators In Split(LOOSEST_FIRST)
        at = KaoheLastOperator(text, operators)
        If at > 0 Then
            width = 1
            If InStr("=<>", Mid$(text, at, 1)) > 0 And InStr("=>", Mid$(text, at + 1, 1)) > 0 Then width = 2
            KaoheWorkedOut = KaoheCombined(KaoheWorkedOut(Cell, Left$(text, at - 1), Body), Mid$(text, at, width), KaoheWorkedOut(Cell, Mid$(text, at + width), Body), Body.Rows.Count)
            Exit Function
        End If
    Next operators
    key = KaoheWholeCall(text)
    If Left$(key, Len(OUR_BEGINNING)) = OUR_BEGINNING Then
        values = KaoheExpectedCall(Cell, key, text, Body)
        If IsArray(values) Then KaoheWorkedOut = values
        Exit Function   ' what isn't expected, the cells themselves are going to ask
    End If
    columns = InAllRows(Cell, text, Body)
    If Len(columns) = 0 Then
        columns = text
        If Not Cell.ListObject Is Nothing Then columns = KaoheOutsideTable(text, Cell.ListObject.Name)
        KaoheWorkedOut = Evaluated(Cell, text, columns)
        Exit Function
    ElseIf Left$(text, 1) = "-" Then
        KaoheWorkedOut = KaoheCombined(0#, "-", KaoheWorkedOut(Cell, Mid$(text, 2), Body), Body.Rows.Count)
        Exit Function
    ElseIf Left$(text, 1) = "(" And Right$(text, 1) = ")" Then
        KaoheWorkedOut = KaoheWorkedOut(Cell, Mid$(text, 2, Len(text) - 2), Body)
        Exit Function
    End If
    values = RowsIn(Cell.Worksheet, columns, Body)
    If IsArray(values) Then
        KaoheWorkedOut = values
    ElseIf InStr(WORKED_OUT_HERE, " " & key & " ") > 0 Then
        KaoheWorkedOut = CallWorkedOut(Cell, key, text, Body)
    Else
        values = Evaluated(Cell, text, columns)
        If KaoheIsColumn(values, Body) Then KaoheWorkedOut = values
    End If
End Function

' The cells around one that have its formula, a row each: the table that it stands in, or a column.
Public Function KaoheBodyOf(ByVal Cell As Object) As Object
    Dim first As Long, last As Long
    If Not Cell.ListObject Is Nothing Then
        Set KaoheBodyOf = Cell.ListObject.DataBodyRange
        Exit Function
    End If
    KaoheRowsAround Cell, first, last
    Set KaoheBodyOf = Cell.Worksheet.Range(Cell.Worksheet.Cells(first, Cell.Column), Cell.Worksheet.Cells(last, Cell.Column))
End Function

' An expression with all rows in place of this one; an empty text where it names no cells of this row.
Private Function InAllRows(ByVal Cell As Object, ByVal Expression As String, ByVal Body As Object) As String
    If Cell.ListObject Is Nothing Then
        InAllRows = KaoheAllCells(Expression, Cell.Row, Body.Row, Body.Row + Body.Rows.Count - 1)
    Else
        InAllRows = KaoheAllRows(Expression, Cell.ListObject.Name)
    End If
End Function

' What a call of one of Excel's functions comes to in all rows.
Private Function CallWorkedOut(ByVal Cell As Object, ByVal FunctionName As String, ByVal Text As String, ByVal Body As Object) As Variant
    Dim at As Long, n As Long, rows As Long, values As Variant
    CallWorkedOut = Null
    at = Len(FunctionName) + 2
    rows = Body.Rows.Count
    Select Case FunctionName
        Case "IF"
            CallWorkedOut = KaoheChosen(ArgumentIn(Cell, Text, at, 0, Body), ArgumentIn(Cell, Text, at, 1, Body), ArgumentIn(Cell, Text, at, 2, Body), rows)
        Case "IFERROR"
            values = ArgumentIn(Cell, Text, at, 0, Body)
            CallWorkedOut = KaoheChosen(KaoheKinds(values, vbError, rows), ArgumentIn(Cell, Text, at, 1, Body), values, rows)
        Case "ISFORMULA"
            ' It is so in all rows or not known; what the cells come to doesn't matter.
            values = RangeIn(Cell.Worksheet, InAllRows(Cell, KaoheArgument(Text, at, 0), Body)).HasFormula
            If Not IsNull(values) Then CallWorkedOut = values
        Case "ISNUMBER"
            CallWorkedOut = KaoheKinds(ArgumentIn(Cell, Text, at, 0, Body), vbDouble, rows)
        Case "SUMPRODUCT"
            values = ArgumentIn(Cell, Text, at, 0, Body)
            n = 1
            Do While Len(KaoheArgument(Text, at, n)) > 0
                values = KaoheCombined(values, ",", ArgumentIn(Cell, Text, at, n, Body), rows)
                n = n + 1
            Loop
            If IsArray(values) Then CallWorkedOut = KaoheOfRows(values, "SUM")
        Case Else
            ' Excel would take the cells of all rows.
            values = RowsIn(Cell.Worksheet, InAllRows(Cell, KaoheArgument(Text, at, 0), Body), Body)
            If IsArray(values) And Len(KaoheArgument(Text, at, 1)) = 0 Then CallWorkedOut = KaoheOfRows(values, FunctionName)
    End Select
End Function

Private Function ArgumentIn(ByVal Cell As Object, ByVal Text As String, ByVal At As Long, ByVal Place As Long, ByVal Body As Object) As Variant
    ArgumentIn = KaoheWorkedOut(Cell, KaoheArgument(Text, At, Place), Body)
End Function

' What Excel says to an expression that calls none of our functions; Null where it can't be asked.
Private Function Evaluated(ByVal Cell As Object, ByVal Text As String, ByVal Expression As String) As Variant
    Dim short As String
    Evaluated = Null
    If InStr(Text, OUR_BEGINNING) > 0 Then Exit Function
    short = Shortened(Cell.Worksheet, Expression)
    If Len(short) > 0 And Len(short) <= LONGEST_EXPRESSION Then Evaluated = Cell.Worksheet.Evaluate(short)
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
    KaoheComplete block, values, ready
    For row = 1 To Body.Rows.Count
        If Not ready(row) Then
            For column = 1 To UBound(values, 2)
                values(row, column) = Null
            Next column
        End If
    Next row
    RowsIn = values
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
