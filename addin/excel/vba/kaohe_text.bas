Option Explicit
Option Private Module

' Texts: Chinese ones written in ASCII, and formulas put right. Nothing here touches a workbook.

Private Const CALL_NAME As String = "KAOHE"

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
' ('C:\...\kaohe.xlam'!KAOHE_SCORE, [1]!KAOHE_SCORE), and not as LibreOffice stores it (KAOHE.SCORE). Texts and sheet
' names stay as they are.
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
    Dim result As String, character As String, at As Long, last As Long
    Calls = 0
    If InStr(1, Formula, CALL_NAME, vbTextCompare) = 0 Then
        Scanned = Formula
        Exit Function
    End If
    at = 1
    Do While at <= Len(Formula)
        character = Mid$(Formula, at, 1)
        If character = """" Or character = "'" Then
            last = EndOfQuotes(Formula, at)
            If character = "'" And Mid$(Formula, last + 1, 1) = "!" And IsCall(Formula, last + 2) Then
                at = last + 2
            Else
                result = result & Mid$(Formula, at, last - at + 1)
                at = last + 1
            End If
        ElseIf IsCall(Formula, at) And Not EndsInName(result) Then
            result = WithoutWorkbook(result) & CALL_NAME & "_"
            at = at + Len(CALL_NAME) + 1
            Calls = Calls + 1
        Else
            result = result & character
            at = at + 1
        End If
    Loop
    Scanned = result
End Function

' Where the quotes that open at a place close; a quote written twice belongs to the text.
Private Function EndOfQuotes(ByVal Formula As String, ByVal Start As Long) As Long
    Dim quote As String, at As Long
    quote = Mid$(Formula, Start, 1)
    at = Start + 1
    Do While at <= Len(Formula)
        If Mid$(Formula, at, 1) = quote Then
            If Mid$(Formula, at + 1, 1) <> quote Then Exit Do
            at = at + 1
        End If
        at = at + 1
    Loop
    If at > Len(Formula) Then at = Len(Formula)
    EndOfQuotes = at
End Function

' Whether KAOHE_NAME( or KAOHE.NAME( stands at a place.
Private Function IsCall(ByVal Formula As String, ByVal At As Long) As Boolean
    Dim separator As String, first As Long, last As Long
    If UCase$(Mid$(Formula, At, Len(CALL_NAME))) <> CALL_NAME Then Exit Function
    separator = Mid$(Formula, At + Len(CALL_NAME), 1)
    If separator <> "_" And separator <> "." Then Exit Function
    first = At + Len(CALL_NAME) + 1
    last = first
    Do While IsNameCharacter(Mid$(Formula, last, 1))
        last = last + 1
    Loop
    IsCall = last > first And Mid$(Formula, last, 1) = "("
End Function

Private Function IsNameCharacter(ByVal Character As String) As Boolean
    If Len(Character) = 0 Then Exit Function
    If Character = "_" Or Character = "." Then
        IsNameCharacter = True
    ElseIf AscW(Character) < 0 Or AscW(Character) > 127 Then
        IsNameCharacter = True
    Else
        IsNameCharacter = InStr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", UCase$(Character)) > 0
    End If
End Function

Private Function EndsInName(ByVal Text As String) As Boolean
    EndsInName = IsNameCharacter(Right$(Text, 1))
End Function

' The text without the workbook at its end: ... + [1]! or kaohe.xlam!
Private Function WithoutWorkbook(ByVal Text As String) As String
    Dim length As Long, character As String
    WithoutWorkbook = Text
    If Right$(Text, 1) <> "!" Then Exit Function
    length = Len(Text) - 1
    Do While length > 0
        character = Mid$(Text, length, 1)
        If Not IsNameCharacter(character) And InStr("[]\:~", character) = 0 Then Exit Do
        length = length - 1
    Loop
    WithoutWorkbook = Left$(Text, length)
End Function

' The file's name at the end of a path, which may be an address of the web.
Public Function KaoheFileName(ByVal Path As String) As String
    Dim at As Long
    at = InStrRev(Replace(Path, "/", "\"), "\")
    KaoheFileName = Mid$(Path, at + 1)
End Function
