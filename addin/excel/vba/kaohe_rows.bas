Option Explicit
Option Private Module

' Expressions of one row with all rows in its place.

Private Const THIS_ROW As String = "[[#This Row],"

' An expression with the whole columns of the table in place of the cells of the formula's row; an empty text where it
' names none.
Public Function KaoheAllRows(ByVal Expression As String, ByVal TableName As String) As String
    Dim count As Long, result As String
    result = OutsideTable(Expression, TableName, count)
    If count > 0 Then KaoheAllRows = result
End Function

' The same outside of tables, for a formula of a row that is filled down from one row to another: an empty text also where a
' reference goes to other rows than these.
Public Function KaoheAllCells(ByVal Expression As String, ByVal Row As Long, ByVal First As Long, ByVal Last As Long) As String
    Dim at As Long, ending As Long, word As String, result As String, columns As String, count As Long, isBegun As Boolean
    at = 1
    Do While at <= Len(Expression)
        ending = at
        Do While KaoheIsNameCharacter(Mid$(Expression, ending, 1)) Or Mid$(Expression, ending, 1) = "$"
            ending = ending + 1
        Loop
        If ending = at Then ending = KaoheEndOfPart(Expression, at) + 1
        word = Mid$(Expression, at, ending - at)
        If RelativeRow(word, columns) > 0 And Mid$(Expression, ending, 1) <> "(" Then
            If RelativeRow(word, columns) <> Row Or (Right$(result, 1) = ":") <> isBegun Then Exit Function
            word = columns & "$" & Last
            If Not isBegun Then word = columns & "$" & First
            isBegun = Not isBegun And Mid$(Expression, ending, 1) = ":"
            If Not isBegun And Right$(result, 1) <> ":" Then word = word & ":" & columns & "$" & Last
            count = count + 1
        End If
        result = result & word
        at = ending
    Loop
    If count > 0 And Not isBegun Then KaoheAllCells = result
End Function

' The row of a reference to a cell, if it goes with the formula's, and its column; 0 for anything else.
Private Function RelativeRow(ByVal Word As String, ByRef Columns As String) As Long
    Dim at As Long, first As Long, i As Long
    at = 1
    If Left$(Word, 1) = "$" Then at = 2
    first = at
    Do While InStr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", UCase$(Mid$(Word, at, 1))) > 0 And at <= Len(Word)
        at = at + 1
    Loop
    If at = first Or at - first > 3 Or at > Len(Word) Or Len(Word) - at > 6 Then Exit Function
    For i = at To Len(Word)
        If InStr("0123456789", Mid$(Word, i, 1)) = 0 Then Exit Function
    Next i
    Columns = Left$(Word, at - 1)
    RelativeRow = CLng(Mid$(Word, at))
End Function

' An expression that names no cells of its row, as it is written outside of the table.
Public Function KaoheOutsideTable(ByVal Expression As String, ByVal TableName As String) As String
    Dim count As Long
    KaoheOutsideTable = OutsideTable(Expression, TableName, count)
End Function

Private Function OutsideTable(ByVal Expression As String, ByVal TableName As String, ByRef Count As Long) As String
    Dim at As Long, last As Long, part As String, result As String
    at = 1
    Do While at <= Len(Expression)
        last = KaoheEndOfPart(Expression, at)
        part = Mid$(Expression, at, last - at + 1)
        If Left$(part, 1) = "[" Then
            If Not KaoheIsNameCharacter(Right$(result, 1)) Then result = result & TableName
            If Left$(part, 2) = "[@" Then
                part = "[" & Mid$(part, 3)
                If Mid$(part, 2, 1) = "[" And InStr(part, "]:[") = 0 Then part = Mid$(part, 2, Len(part) - 2)
                Count = Count + 1
            ElseIf LCase$(Left$(part, Len(THIS_ROW))) = LCase$(THIS_ROW) Then
                part = Mid$(part, Len(THIS_ROW) + 1)
                If InStr(part, "]:[") > 0 Then part = "[" & part Else part = Left$(part, Len(part) - 1)
                Count = Count + 1
            End If
        End If
        result = result & part
        at = last + 1
    Loop
    OutsideTable = result
End Function
