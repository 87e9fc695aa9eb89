Option Explicit
Option Private Module

' Values on their way to Python and back: ranges go as whole blocks, errors come back as true error values.

Private Const WRONG_VALUE As Long = 2015   ' #VALUE!
Private Const NUMBER_OF_ERROR As Long = 65535   ' the bits of COM's code that are Excel's

' The arguments of a call with every range replaced by its values. False for what has no values of its own: a range of
' several areas, of which Excel would hand over the first only.
Public Function KaoheBlocks(ByRef Arguments As Variant) As Boolean
    Dim block As Object, i As Long, rows As Long, columns As Long, isWhole As Boolean
    For i = LBound(Arguments) To UBound(Arguments)
        If IsObject(Arguments(i)) Then
            If TypeName(Arguments(i)) <> "Range" Then Exit Function
            Set block = Arguments(i)
            If block.Areas.Count > 1 Then Exit Function
            ' A:A and C:C of one call stay of one length, even if they stand on different sheets.
            If block.Rows.Count = block.Worksheet.Rows.Count Then rows = Larger(rows, LastRow(block))
            If block.Columns.Count = block.Worksheet.Columns.Count Then columns = Larger(columns, LastColumn(block))
        End If
    Next i
    For i = LBound(Arguments) To UBound(Arguments)
        If IsObject(Arguments(i)) Then
            Set block = Arguments(i)
            isWhole = block.Rows.Count = block.Worksheet.Rows.Count
            If isWhole Then Set block = block.Resize(rows)
            If block.Columns.Count = block.Worksheet.Columns.Count Then Set block = block.Resize(, columns)
            ' Whole columns, which may begin with a heading, go in an array of their own.
            If isWhole And rows > 1 Then Arguments(i) = Array(block.Value2) Else Arguments(i) = block.Value2
        End If
    Next i
    KaoheBlocks = True
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

Private Function Larger(ByVal A As Long, ByVal B As Long) As Long
    If A > B Then Larger = A Else Larger = B
End Function

' What Python answered, as a cell takes it. All its numbers are doubles: a whole number is the code of an error.
Public Function KaoheAnswer(ByVal Answer As Variant) As Variant
    Dim row As Long, column As Long
    Select Case Dimensions(Answer)
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

Private Function Dimensions(ByRef Value As Variant) As Long
    If Not IsArray(Value) Then Exit Function
    Dimensions = 1
    On Error GoTo OnlyOne
    If UBound(Value, 2) >= 0 Then Dimensions = 2
OnlyOne:
End Function

Public Function KaoheWrongValue() As Variant
    KaoheWrongValue = CVErr(WRONG_VALUE)
End Function
