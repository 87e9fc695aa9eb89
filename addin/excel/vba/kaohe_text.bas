Option Explicit
Option Private Module

' Texts: Chinese ones written in ASCII, and formulas taken apart. Nothing here touches a workbook.

Public Const KAOHE_TOLD As Long = -2147221503         ' vbObjectError + 1: an error whose description is a sentence of ours
Private Const CALL_NAME As String = "KAOHE"
Private Const PART_NAME As String = "Kaohe"           ' and a number: no cell and no function is called so

' The text of a literal in which \u and four hexadecimal digits stand for a character.
Public Function U(ByVal Literal As String) As String
    Dim parts() As String, text As String, i As Long
    If Len(Literal) = 0 Then Exit Function
    parts = Split(Literal, "\u")
    text = parts(0)
    For i = 1 To UBound(parts)
        text = text & ChrW(CLng("&H" & Left$(parts(i), 4))) & Mid$(parts(i), 5)
    Next i
    U = text
End Function

' The formula with every call of our functions written as KAOHE_NAME(: without the workbook that Excel puts before it
' ('C:\...\kaohe.xlam'!KAOHE_SCORE, [1]!KAOHE_SCORE), and not as LibreOffice stores it (KAOHE.SCORE). Texts, sheet names
' and names of columns stay as they are. What counts as which is said in workbook_templates/formula (calls.py, tokens.py).
Public Function KaoheCleanFormula(ByVal Formula As String) As String
    Dim calls As Long
    KaoheCleanFormula = Scanned(Formula, calls)
End Function

' How many calls of our functions a formula holds, however they are written.
Public Function KaoheCallsIn(ByVal Formula As String) As Long
    Dim calls As Long
    Scanned Formula, calls
    KaoheCallsIn = calls
End Function

Private Function Scanned(ByVal Formula As String, ByRef Calls As Long) As String
    Dim result As String, at As Long, word As Long, last As Long
    Calls = 0
    If InStr(1, Formula, CALL_NAME, vbTextCompare) = 0 Then
        Scanned = Formula
        Exit Function
    End If
    at = 1
    Do While at <= Len(Formula)
        word = AfterPrefixes(Formula, AfterScope(Formula, at))
        If IsCall(Formula, word) Then
            last = EndOfWord(Formula, word)
            result = result & CALL_NAME & "_" & Mid$(Formula, word + Len(CALL_NAME) + 1, last - word - Len(CALL_NAME))
            Calls = Calls + 1
        Else
            last = EndOfWord(Formula, at)
            If last < at Then last = KaoheEndOfPart(Formula, at)
            result = result & Mid$(Formula, at, last - at + 1)
        End If
        at = last + 1
    Loop
    Scanned = result
End Function

' The place after the sheets or the workbook that are named at a place: 'C:\a b.xlam'!, [1]!, [1]Sheet1:Sheet3!, kaohe.xlam!
Private Function AfterScope(ByVal Formula As String, ByVal At As Long) As Long
    Dim last As Long, second As Long
    AfterScope = At
    Select Case Mid$(Formula, At, 1)
        Case "'"
            last = KaoheEndOfPart(Formula, At)
        Case "["
            last = KaoheEndOfPart(Formula, At)
            second = EndOfWord(Formula, last + 1)
            If second > last Then last = AfterSheets(Formula, second)
        Case Else
            last = EndOfWord(Formula, At)
            If last < At Then Exit Function
            last = AfterSheets(Formula, last)
    End Select
    If Mid$(Formula, last + 1, 1) = "!" Then AfterScope = last + 2
End Function

' Where the name of the last of several sheets ends whose first ends at a place: Sheet1:Sheet3
Private Function AfterSheets(ByVal Formula As String, ByVal Last As Long) As Long
    Dim second As Long
    AfterSheets = Last
    If Mid$(Formula, Last + 1, 1) <> ":" Then Exit Function
    second = EndOfWord(Formula, Last + 2)
    If second > Last + 1 And Mid$(Formula, second + 1, 1) = "!" Then AfterSheets = second
End Function

' The place after what Excel writes before functions that it doesn't know, or that are of another kind of add-in.
Private Function AfterPrefixes(ByVal Formula As String, ByVal At As Long) As Long
    Dim dot As Long
    AfterPrefixes = At
    Do While LCase$(Mid$(Formula, AfterPrefixes, 3)) = "_xl"
        dot = InStr(AfterPrefixes, Formula, ".")
        If dot = 0 Or dot > EndOfWord(Formula, AfterPrefixes) Then Exit Function
        AfterPrefixes = dot + 1
    Loop
End Function

' Where the word ends that begins at a place; the place before where there is none.
Private Function EndOfWord(ByVal Formula As String, ByVal At As Long) As Long
    EndOfWord = At - 1
    Do While KaoheIsNameCharacter(Mid$(Formula, EndOfWord + 1, 1))
        EndOfWord = EndOfWord + 1
    Loop
End Function

' What is told of an error: what it says itself, if that is a sentence of ours, else one of ours with what Excel says.
Public Function KaoheErrorText(ByVal Number As Long, ByVal Description As String, ByVal Sentence As String) As String
    If Number = KAOHE_TOLD Then KaoheErrorText = Description Else KaoheErrorText = KaoheSay(Sentence, Description)
End Function

' What stands before the functions' own names in a formula, as KaoheCleanFormula takes it away: each text once.
Public Function KaoheBeginnings(ByVal Formula As String) As Collection
    Dim at As Long, word As Long, last As Long, found As New Collection, beginning As String
    Set KaoheBeginnings = found
    at = 1
    Do While at <= Len(Formula)
        word = AfterPrefixes(Formula, AfterScope(Formula, at))
        If IsCall(Formula, word) Then
            beginning = Mid$(Formula, at, word + Len(CALL_NAME) + 1 - at)
            On Error Resume Next   ' known already
            found.Add beginning, beginning
            On Error GoTo 0
            last = EndOfWord(Formula, word)
        Else
            last = EndOfWord(Formula, at)
            If last < at Then last = KaoheEndOfPart(Formula, at)
        End If
        at = last + 1
    Loop
End Function

' A long formula in parts none of which is longer than that: arguments, and at last the whole. In it and in later arguments
' the names of earlier ones stand for them (KaohePartName of the place in the collection). Nothing where it can't be.
Public Function KaoheParts(ByVal Formula As String, ByVal Longest As Long) As Collection
    Dim parts As New Collection, start As Long, length As Long
    Do While Len(Formula) > Longest
        FindLongestArgument Formula, Longest, start, length
        If length <= Len(KaohePartName(1)) Then Exit Function
        parts.Add Mid$(Formula, start, length)
        Formula = Left$(Formula, start - 1) & KaohePartName(parts.Count) & Mid$(Formula, start + length)
    Loop
    parts.Add Formula
    Set KaoheParts = parts
End Function

Public Function KaohePartName(ByVal Number As Long) As String
    KaohePartName = PART_NAME & Format$(Number, "000")
End Function

' The longest of a formula's arguments that isn't too long; its length is 0 if there is none.
Private Sub FindLongestArgument(ByVal Formula As String, ByVal Longest As Long, ByRef Start As Long, ByRef Length As Long)
    Dim at As Long, last As Long, depth As Long, starts() As Long, part As String, isConstant As Boolean
    ReDim starts(0 To Len(Formula))
    Start = 0
    Length = 0
    at = 1
    Do While at <= Len(Formula)
        last = KaoheEndOfPart(Formula, at)
        part = Mid$(Formula, at, last - at + 1)
        If part = "{" Then isConstant = True
        If part = "}" Then isConstant = False
        If Not isConstant And depth > 0 And (part = "," Or part = ")") Then
            If at - starts(depth) > Length And at - starts(depth) <= Longest Then
                Start = starts(depth)
                Length = at - Start
            End If
            starts(depth) = at + 1
        End If
        If part = "(" Then
            depth = depth + 1
            starts(depth) = at + 1
        ElseIf part = ")" And depth > 0 Then
            depth = depth - 1
        End If
        at = last + 1
    Loop
End Sub

' Where the part of a formula ends that begins at a place: a text, a quoted sheet name, or what stands in brackets is one
' part, anything else a part for each character.
Public Function KaoheEndOfPart(ByVal Formula As String, ByVal Start As Long) As Long
    Dim first As String, character As String, at As Long, depth As Long
    first = Mid$(Formula, Start, 1)
    KaoheEndOfPart = Start
    If first <> """" And first <> "'" And first <> "[" Then Exit Function
    at = Start
    If first = "[" Then
        Do While at <= Len(Formula)
            character = Mid$(Formula, at, 1)
            If character = "'" Then
                at = at + 1   ' what follows belongs to a column's name: '[ '] '# ''
            ElseIf character = "[" Then
                depth = depth + 1
            ElseIf character = "]" Then
                depth = depth - 1
                If depth = 0 Then Exit Do
            End If
            at = at + 1
        Loop
    Else
        at = at + 1
        Do While at <= Len(Formula)
            If Mid$(Formula, at, 1) = first Then
                If Mid$(Formula, at + 1, 1) <> first Then Exit Do
                at = at + 1   ' written twice it belongs to the text
            End If
            at = at + 1
        Loop
    End If
    If at > Len(Formula) Then at = Len(Formula)
    KaoheEndOfPart = at
End Function

' Whether KAOHE_NAME( or KAOHE.NAME( stands at a place where a word begins.
Private Function IsCall(ByVal Formula As String, ByVal At As Long) As Boolean
    Dim separator As String, last As Long
    If UCase$(Mid$(Formula, At, Len(CALL_NAME))) <> CALL_NAME Then Exit Function
    separator = Mid$(Formula, At + Len(CALL_NAME), 1)
    If separator <> "_" And separator <> "." Then Exit Function
    last = EndOfWord(Formula, At)
    IsCall = last > At + Len(CALL_NAME) And Left$(LTrim$(Mid$(Formula, last + 1)), 1) = "("
End Function

Public Function KaoheIsNameCharacter(ByVal Character As String) As Boolean
    If Len(Character) = 0 Then Exit Function
    If InStr("_.\?", Character) > 0 Then
        KaoheIsNameCharacter = True
    ElseIf AscW(Character) < 0 Or AscW(Character) > 127 Then
        KaoheIsNameCharacter = True
    Else
        KaoheIsNameCharacter = InStr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", UCase$(Character)) > 0
    End If
End Function

' Where the arguments begin of the next call of a function; 0 if there is none.
Public Function KaoheNextCall(ByVal Formula As String, ByVal FunctionName As String, ByVal Start As Long) As Long
    Dim at As Long, last As Long
    at = Start
    Do While at <= Len(Formula)
        last = KaoheEndOfPart(Formula, at)
        If last = at Then
            If UCase$(Mid$(Formula, at, Len(FunctionName) + 1)) = FunctionName & "(" Then
                If at = 1 Then
                    KaoheNextCall = at + Len(FunctionName) + 1
                ElseIf Not KaoheIsNameCharacter(Mid$(Formula, at - 1, 1)) Then
                    KaoheNextCall = at + Len(FunctionName) + 1
                End If
                If KaoheNextCall > 0 Then Exit Function
            End If
        End If
        at = last + 1
    Loop
End Function

' The text of a call whose arguments begin at a place.
Public Function KaoheCallText(ByVal Formula As String, ByVal FunctionName As String, ByVal Start As Long) As String
    Dim at As Long, depth As Long
    If Start = 0 Then Exit Function
    depth = 1
    at = Start - 1
    Do While depth > 0 And at < Len(Formula)
        at = KaoheEndOfPart(Formula, at + 1)
        If Mid$(Formula, at, 1) = "(" Then depth = depth + 1
        If Mid$(Formula, at, 1) = ")" Then depth = depth - 1
    Loop
    KaoheCallText = FunctionName & "(" & Mid$(Formula, Start, at - Start + 1)
End Function

' The text of one argument, counted from 0, of the call whose arguments begin at a place.
Public Function KaoheArgument(ByVal Formula As String, ByVal Start As Long, ByVal Place As Long) As String
    Dim at As Long, last As Long, depth As Long, number As Long, part As String
    at = Start
    Do While at <= Len(Formula)
        last = KaoheEndOfPart(Formula, at)
        part = Mid$(Formula, at, last - at + 1)
        If part = "(" Or part = "{" Then depth = depth + 1
        If part = ")" Or part = "}" Then depth = depth - 1
        If depth < 0 Then Exit Function
        If part = "," And depth = 0 Then
            number = number + 1
            If number > Place Then Exit Function
        ElseIf number = Place Then
            KaoheArgument = KaoheArgument & part
        End If
        at = last + 1
    Loop
End Function

' The file's name at the end of a path, which may be an address of the web.
Public Function KaoheFileName(ByVal Path As String) As String
    Dim at As Long
    at = InStrRev(Replace(Path, "/", "\"), "\")
    KaoheFileName = Mid$(Path, at + 1)
End Function

' Where the last of some operators stands between two operands, outside of calls and parentheses; 0 if there is none.
Public Function KaoheLastOperator(ByVal Expression As String, ByVal Operators As String) As Long
    Dim at As Long, last As Long, depth As Long, part As String, isOperand As Boolean
    at = 1
    Do While at <= Len(Expression)
        last = KaoheEndOfPart(Expression, at)
        part = Mid$(Expression, at, last - at + 1)
        If part = "(" Or part = "{" Then
            depth = depth + 1
        ElseIf part = ")" Or part = "}" Then
            depth = depth - 1
            isOperand = True
        ElseIf depth = 0 And InStr("&=<>^+-*/", part) > 0 Then
            If isOperand And InStr(Operators, part) > 0 Then KaoheLastOperator = at
            isOperand = False
        ElseIf part <> " " Then
            isOperand = True
        End If
        at = last + 1
    Loop
End Function

' The function that an expression is one call of; an empty text for anything else.
Public Function KaoheWholeCall(ByVal Expression As String) As String
    Dim at As Long, last As Long, depth As Long, ending As Long, part As String
    ending = 1
    Do While KaoheIsNameCharacter(Mid$(Expression, ending, 1))
        ending = ending + 1
    Loop
    If ending = 1 Or Mid$(Expression, ending, 1) <> "(" Then Exit Function
    at = ending
    Do While at <= Len(Expression)
        last = KaoheEndOfPart(Expression, at)
        part = Mid$(Expression, at, last - at + 1)
        If part = "(" Then depth = depth + 1
        If part = ")" Then depth = depth - 1
        If depth = 0 Then
            If at = Len(Expression) Then KaoheWholeCall = UCase$(Left$(Expression, ending - 1))
            Exit Function
        End If
        at = last + 1
    Loop
End Function
