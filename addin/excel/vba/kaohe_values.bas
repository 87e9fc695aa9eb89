Option Explicit
Option Private Module

' Values on their way to Python and back: ranges go as whole blocks, errors come back as true error values.

Private Const WRONG_VALUE As Long = 2015   ' #VALUE!
Private Const NUMBER_OF_ERROR As Long = 65535   ' the bits of COM's code that are Excel's

' The values of a call's arguments, ranges read as whole blocks; Blocks gets the ranges. False for a range of several
' areas, of which Excel would hand over the first only.
Public Function KaoheRead(ByRef Arguments As Variant, ByRef Values As Variant, ByRef Blocks As Variant) As Boolean
    Dim block As Object, found() As Variant, i As Long, rows As Long, columns As Long, isWhole As Boolean
    For i = LBound(Arguments) To UBound(Arguments)
        If IsObject(Arguments(i)) Then
            If TypeName(Arguments(i)) <> "Range" Then Exit Function
            Set block = Arguments(i)
            If block.Areas.Count > 1 Then Exit Function
            ' A:A and C:C of one call stay of one length, even if they stand on different sheets.
            If block.Rows.Count = block.Worksheet.Rows.Count Then rows = KaoheLarger(rows, LastRow(block))
            If block.Columns.Count = block.Worksheet.Columns.Count Then columns = KaoheLarger(columns, LastColumn(block))
        End If
    Next i
    ' A value never takes the place of a range, whose default property it might set.
    ReDim found(LBound(Arguments) To UBound(Arguments))
    Blocks = Arguments
    For i = LBound(Arguments) To UBound(Arguments)
        If IsObject(Arguments(i)) Then
            Set block = Arguments(i)
            isWhole = rows > 0
            If isWhole Then isWhole = block.Rows.Count = block.Worksheet.Rows.Count
            If isWhole Then Set block = block.Resize(rows)
            If columns > 0 Then If block.Columns.Count = block.Worksheet.Columns.Count Then Set block = block.Resize(, columns)
            Set Blocks(i) = block
            ' Whole columns, which may begin with a heading, go in an array of their own.
            If isWhole And rows > 1 Then found(i) = Array(block.Value2) Else found(i) = block.Value2
        Else
            found(i) = Arguments(i)
        End If
    Next i
    Values = found
    KaoheRead = True
End Function

' Whether an argument that was read has all its values.
Public Function KaoheIsReady(ByRef Block As Variant, ByRef Value As Variant) As Boolean
    KaoheIsReady = True
    If Not IsObject(Block) Then Exit Function
    If KaoheDimensions(Value) = 1 Then KaoheIsReady = KaoheIsCalculated(Block, Value(0)) Else KaoheIsReady = KaoheIsCalculated(Block, Value)
End Function

' Whether every cell of a block has its value: one that is still to be calculated is empty and has a formula.
Public Function KaoheIsCalculated(ByVal Block As Object, ByRef Values As Variant) As Boolean
    Dim formulas As Variant, row As Long, column As Long, holds As Variant
    KaoheIsCalculated = True
    If Not KaoheHasEmpty(Values) Then Exit Function
    holds = Block.HasFormula
    If Not IsNull(holds) Then
        KaoheIsCalculated = Not holds
        Exit Function
    End If
    formulas = Block.Formula
    For row = 1 To UBound(Values, 1)
        For column = 1 To UBound(Values, 2)
            If IsEmpty(Values(row, column)) Then
                If Len(formulas(row, column)) > 0 Then
                    KaoheIsCalculated = False
                    Exit Function
                End If
            End If
        Next column
    Next row
End Function

' Whether a value is blank, or a cell of a block or of blocks in an array.
Public Function KaoheHasEmpty(ByRef Values As Variant) As Boolean
    Dim value As Variant
    If Not IsArray(Values) Then
        KaoheHasEmpty = IsEmpty(Values)
        Exit Function
    End If
    KaoheHasEmpty = True
    For Each value In Values
        If IsEmpty(value) Then Exit Function
        If IsArray(value) Then If KaoheHasEmpty(value) Then Exit Function
    Next value
    KaoheHasEmpty = False
End Function

Private Function LastRow(ByVal Block As Object) As Long
    With Block.Worksheet.UsedRange
        LastRow = .Row + .Rows.Count - 1
    End With
End Function

Private Function LastColumn(ByVal Block As Object) As Long
    With Block.Worksheet.UsedRange
        LastColumn = .Column + .Columns.Count - 1
    End With
End Function

Public Function KaoheLarger(ByVal A As Long, ByVal B As Long) As Long
    If A > B Then KaoheLarger = A Else KaoheLarger = B
End Function

' Whether two values are the same: of one kind, texts letter by letter, blocks cell by cell. Shared blocks are compared
' for every row, for nothing else proves that no cell of theirs has changed: so nothing is called for a cell.
Public Function KaoheSame(ByRef A As Variant, ByRef B As Variant) As Boolean
    Dim dimensions As Long, row As Long, column As Long, kind As Long
    If VarType(A) <> VarType(B) Then Exit Function
    dimensions = KaoheDimensions(A)
    If dimensions <> KaoheDimensions(B) Then Exit Function
    Select Case dimensions
        Case 0
            If VarType(A) = vbError Then
                If CStr(A) <> CStr(B) Then Exit Function
            ElseIf A <> B Then
                Exit Function
            End If
        Case 1
            If LBound(A) <> LBound(B) Or UBound(A) <> UBound(B) Then Exit Function
            For column = LBound(A) To UBound(A)
                If Not KaoheSame(A(column), B(column)) Then Exit Function
            Next column
        Case Else
            If UBound(A, 1) <> UBound(B, 1) Or UBound(A, 2) <> UBound(B, 2) Then Exit Function
            For column = LBound(A, 2) To UBound(A, 2)
                For row = LBound(A, 1) To UBound(A, 1)
                    kind = VarType(A(row, column))
                    If kind <> VarType(B(row, column)) Then Exit Function
                    If kind = vbError Then
                        If CStr(A(row, column)) <> CStr(B(row, column)) Then Exit Function
                    ElseIf A(row, column) <> B(row, column) Then
                        Exit Function
                    End If
                Next row
            Next column
    End Select
    KaoheSame = True
End Function

' Whether two calls have the same arguments.
Public Function KaoheAllSame(ByRef A As Variant, ByRef B As Variant) As Boolean
    Dim i As Long
    For i = LBound(A) To UBound(A)
        If Not KaoheSame(A(i), B(i)) Then Exit Function
    Next i
    KaoheAllSame = True
End Function

' A text by which a call's arguments are found again, if they are the same ones.
Public Function KaoheKeyOf(ByRef Values As Variant) As String
    Dim i As Long, value As Variant, key As String
    For i = LBound(Values) To UBound(Values)
        If IsArray(Values(i)) Then
            For Each value In Values(i)
                key = key & VarType(value) & CStr(value) & vbTab
            Next value
        Else
            key = key & VarType(Values(i)) & CStr(Values(i)) & vbTab
        End If
        key = key & vbLf
    Next i
    KaoheKeyOf = key
End Function

' What Python answered, as a cell takes it. All its numbers are doubles: a whole number is the code of an error.
Public Function KaoheAnswer(ByVal Answer As Variant) As Variant
    Dim row As Long, column As Long
    Select Case KaoheDimensions(Answer)
        Case 0
            KaoheAnswer = ErrorOrValue(Answer)
            Exit Function
        Case 1
            For column = LBound(Answer) To UBound(Answer)
                Answer(column) = ErrorOrValue(Answer(column))
            Next column
        Case Else
            For row = LBound(Answer, 1) To UBound(Answer, 1)
                For column = LBound(Answer, 2) To UBound(Answer, 2)
                    Answer(row, column) = ErrorOrValue(Answer(row, column))
                Next column
            Next row
    End Select
    KaoheAnswer = Answer
End Function

Private Function ErrorOrValue(ByVal Value As Variant) As Variant
    If VarType(Value) = vbLong Then
        ErrorOrValue = CVErr(CLng(Value) And NUMBER_OF_ERROR)
    Else
        ErrorOrValue = Value
    End If
End Function

Public Function KaoheDimensions(ByRef Value As Variant) As Long
    If Not IsArray(Value) Then Exit Function
    KaoheDimensions = 1
    On Error GoTo OnlyOne
    If UBound(Value, 2) >= LBound(Value, 2) Then KaoheDimensions = 2
OnlyOne:
End Function

Public Function KaoheCellsIn(ByRef Value As Variant) As Double
    Select Case KaoheDimensions(Value)
        Case 1
            KaoheCellsIn = UBound(Value) - LBound(Value) + 1
            If IsArray(Value(LBound(Value))) Then KaoheCellsIn = KaoheCellsIn(Value(LBound(Value)))
        Case 2
            KaoheCellsIn = (UBound(Value, 1) - LBound(Value, 1) + 1#) * (UBound(Value, 2) - LBound(Value, 2) + 1)
    End Select
End Function

Public Function KaoheWrongValue() As Variant
    KaoheWrongValue = CVErr(WRONG_VALUE)
End Function
