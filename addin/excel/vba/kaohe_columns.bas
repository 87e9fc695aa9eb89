Option Explicit
Option Private Module

' Columns of values, blocks of them where rows have several, or single values for all rows, with Excel's operators between them:
' Null is what isn't known.

Private Const WRONG_TYPE As Long = 13
Private Const DIVIDED_BY_ZERO As Long = 2007   ' #DIV/0!

' What a function gives for the cells of each row.
Public Function KaoheOfRows(ByRef Values As Variant, ByVal FunctionName As String) As Variant
    Dim result() As Variant, row As Long, column As Long, sum As Double, count As Long, isKnown As Boolean
    ReDim result(1 To UBound(Values, 1), 1 To 1)
    For row = 1 To UBound(Values, 1)
        sum = 0
        count = 0
        isKnown = True
        For column = 1 To UBound(Values, 2)
            If VarType(Values(row, column)) = vbDouble Then
                sum = sum + Values(row, column)
                count = count + 1
            ElseIf IsNull(Values(row, column)) Or IsError(Values(row, column)) Then
                isKnown = False
            End If
        Next column
        result(row, 1) = Null
        If isKnown And FunctionName = "SUM" Then
            result(row, 1) = sum
        ElseIf isKnown And FunctionName = "COUNT" Then
            result(row, 1) = CDbl(count)
        ElseIf isKnown And count > 0 Then
            result(row, 1) = sum / count
        End If
    Next row
    KaoheOfRows = result
End Function

' What IF gives in each row.
Public Function KaoheChosen(ByVal Condition As Variant, ByVal A As Variant, ByVal B As Variant, ByVal Rows As Long) As Variant
    Dim result() As Variant, row As Long, column As Long, holds As Variant
    ReDim result(1 To Rows, 1 To Widest(Condition, A, B))
    For row = 1 To Rows
        For column = 1 To UBound(result, 2)
            holds = InCell(Condition, row, column)
            Select Case VarType(holds)
                Case vbBoolean, vbDouble
                    If holds Then result(row, column) = InCell(A, row, column) Else result(row, column) = InCell(B, row, column)
                Case vbError
                    result(row, column) = holds
                Case Else
                    result(row, column) = Null
            End Select
        Next column
    Next row
    KaoheChosen = result
End Function

' Whether values are of a kind, in each row.
Public Function KaoheKinds(ByVal Values As Variant, ByVal Kind As Long, ByVal Rows As Long) As Variant
    Dim result() As Variant, row As Long, column As Long, value As Variant
    ReDim result(1 To Rows, 1 To Widest(Values))
    For row = 1 To Rows
        For column = 1 To UBound(result, 2)
            value = InCell(Values, row, column)
            If IsNull(value) Then result(row, column) = Null Else result(row, column) = VarType(value) = Kind
        Next column
    Next row
    KaoheKinds = result
End Function

' One cell's of a block of values; what is one value for all cells of a row, or for all rows.
Private Function InCell(ByRef Values As Variant, ByVal Row As Long, ByVal Column As Long) As Variant
    If Not IsArray(Values) Then
        InCell = Values
    ElseIf UBound(Values, 2) = 1 Then
        InCell = Values(Row, 1)
    Else
        InCell = Values(Row, Column)
    End If
End Function

' How many values rows have in the widest of some blocks.
Private Function Widest(ParamArray Blocks() As Variant) As Long
    Dim i As Long
    Widest = 1
    For i = LBound(Blocks) To UBound(Blocks)
        If IsArray(Blocks(i)) Then If UBound(Blocks(i), 2) > Widest Then Widest = UBound(Blocks(i), 2)
    Next i
End Function

' Blocks or single values with an operator between them; a comma multiplies as SUMPRODUCT does what it is given.
Public Function KaoheCombined(ByVal A As Variant, ByVal Operator As String, ByVal B As Variant, ByVal Rows As Long) As Variant
    Dim result() As Variant, row As Long, column As Long
    If Not IsArray(A) And Not IsArray(B) Then
        KaoheCombined = Calculated(A, Operator, B)
        Exit Function
    End If
    ReDim result(1 To Rows, 1 To Widest(A, B))
    For row = 1 To Rows
        For column = 1 To UBound(result, 2)
            result(row, column) = Calculated(InCell(A, row, column), Operator, InCell(B, row, column))
        Next column
    Next row
    KaoheCombined = result
End Function

' As Excel does, but for texts that are numbers: Null for what isn't known.
Private Function Calculated(ByVal X As Variant, ByVal Operator As String, ByVal Y As Variant) As Variant
    Calculated = Null
    If IsNull(X) Or IsNull(Y) Then Exit Function
    If IsError(X) Or IsError(Y) Then
        If IsError(X) Then Calculated = X Else Calculated = Y
        Exit Function
    End If
    On Error GoTo None   ' overflow, texts that aren't numbers
    Select Case Operator
        Case "&"
            Calculated = X & Y
        Case "="
            Calculated = Order(X, Y) = 0
        Case "<>"
            Calculated = Order(X, Y) <> 0
        Case "<"
            Calculated = Order(X, Y) < 0
        Case ">"
            Calculated = Order(X, Y) > 0
        Case "<="
            Calculated = Order(X, Y) <= 0
        Case ">="
            Calculated = Order(X, Y) >= 0
        Case ","
            Calculated = NumberOnly(X) * NumberOnly(Y)
        Case Else
            Calculated = Arithmetic(AsNumber(X), Operator, AsNumber(Y))
    End Select
None:
End Function

Private Function AsNumber(ByVal Value As Variant) As Double
    If VarType(Value) = vbString Then Err.Raise WRONG_TYPE
    AsNumber = Value
    If VarType(Value) = vbBoolean Then AsNumber = -Value   ' VBA's True is -1
End Function

' A number; 0 for anything else.
Private Function NumberOnly(ByVal Value As Variant) As Double
    If VarType(Value) = vbDouble Then NumberOnly = Value
End Function

Private Function Arithmetic(ByVal X As Double, ByVal Operator As String, ByVal Y As Double) As Variant
    Select Case Operator
        Case "+"
            Arithmetic = X + Y
        Case "-"
            Arithmetic = X - Y
        Case "*"
            Arithmetic = X * Y
        Case "/"
            If Y = 0 Then Arithmetic = CVErr(DIVIDED_BY_ZERO) Else Arithmetic = X / Y
    End Select
End Function

' Which of two values comes first: numbers, texts whatever their letters' case, TRUE and FALSE; blank is 0 or no text.
Private Function Order(ByVal X As Variant, ByVal Y As Variant) As Long
    If IsEmpty(X) Then If VarType(Y) = vbString Then X = "" Else X = 0#
    If IsEmpty(Y) Then If VarType(X) = vbString Then Y = "" Else Y = 0#
    If VarType(X) <> VarType(Y) Then
        Order = Rank(X) - Rank(Y)
    ElseIf VarType(X) = vbString Then
        Order = StrComp(X, Y, vbTextCompare)
    Else
        Order = Sgn(CDbl(X) - CDbl(Y)) * IIf(VarType(X) = vbBoolean, -1, 1)
    End If
End Function

Private Function Rank(ByVal Value As Variant) As Long
    Select Case VarType(Value)
        Case vbString
            Rank = 1
        Case vbBoolean
            Rank = 2
    End Select
End Function
