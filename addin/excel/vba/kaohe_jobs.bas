Option Explicit
Option Private Module

' Work that takes a while: Python does it beside Excel, on a copy; here one waits, shows how far it is, and lets it be
' cancelled with Esc. What is done with the result is Python's as well (addin.excel.macros).

Private Declare PtrSafe Sub Sleep Lib "KERNEL32" (ByVal dwMilliseconds As Long)

Private Const ESC_PRESSED As Long = 18
Private Const RAISE_ERROR As Long = 2        ' xlErrorHandler
Private Const NOT_AT_ALL As Long = 0         ' xlDisabled
Private Const RUNNING As String = "running"
Private Const BETWEEN_TURNS As Long = 20     ' milliseconds in which Excel waits for nothing, so that no core is kept busy

Private mBusy As Boolean

' Run a macro on the active workbook.
Public Sub KaoheRunMacro(ByVal MacroName As String)
    Dim book As Workbook, folder As String, copy As String, sentence As String
    If IsBusy() Then Exit Sub
    Set book = ActiveWorkbook
    If book Is Nothing Then Exit Sub
    On Error GoTo Failed
    mBusy = True
    sentence = "unexpected"
    folder = KaoheAsk("prepare")
    copy = folder & Application.PathSeparator & book.Name
    If Len(book.Path) = 0 Then copy = copy & ".xlsx"   ' never saved: a point in its name begins no ending
    sentence = "no_copy"
    book.SaveCopyAs copy
    sentence = "unexpected"
    If Not Chosen(folder, copy, MacroName, book) Then GoTo Done
    KaoheAsk "start", folder, copy, MacroName, Selected(book), book.Path
    If Waited(folder) Then
        If Not IsOpen(book) Then
            KaoheAsk "cancel", folder
            Err.Raise KAOHE_TOLD, , KaoheSay("book_closed")
        End If
        KaoheSetBook book
        Tell KaoheAsk("finish", folder), book.Name
    End If
Done:
    EndJob
    Exit Sub
Failed:
    Tell KaoheErrorText(Err.Number, Err.Description, sentence), "KAOHE"
    Resume Done
End Sub

' Ask for the options, one box after the other, until Python has nothing more to ask; False if a box was cancelled.
Private Function Chosen(ByVal Folder As String, ByVal Copy As String, ByVal MacroName As String, ByVal Book As Workbook) As Boolean
    Dim asked As String, typed As String
    asked = KaoheAsk("questions", Folder, MacroName, Copy, Selected(Book), Book.FullName)
    Do While Len(asked) > 0
        typed = InputBox(asked, Book.Name)
        ' A cancelled box gives no text at all, one left as it is an empty text.
        If StrPtr(typed) = 0 Then
            KaoheAsk "cancel", Folder
            Exit Function
        End If
        asked = KaoheAsk("answered", Folder, typed)
    Loop
    Chosen = True
End Function

' Make a workbook from a scheme, and open it.
Public Sub KaoheNewBook(ByVal Scheme As String)
    Dim folder As String, path As Variant
    If IsBusy() Then Exit Sub
    On Error GoTo Failed
    mBusy = True
    path = Application.GetSaveAsFilename(KaoheAsk("file_name", Scheme), "Excel (*.xlsx), *.xlsx")
    If VarType(path) = vbString Then
        If InStr(path, "://") > 0 Then Err.Raise KAOHE_TOLD, , KaoheSay("not_local", CStr(path))
        If Not MayWrite(CStr(path)) Then GoTo Done
        folder = KaoheAsk("prepare")
        KaoheAsk "start_new", folder, Scheme, CStr(path)
        If Waited(folder) Then OpenMade KaoheAsk("finish_new", folder)
    End If
Done:
    EndJob
    Exit Sub
Failed:
    Tell KaoheErrorText(Err.Number, Err.Description, "unexpected"), "KAOHE"
    Resume Done
End Sub

Private Sub OpenMade(ByVal Path As String)
    On Error GoTo Failed
    Workbooks.Open Path
    Exit Sub
Failed:
    Err.Raise KAOHE_TOLD, , KaoheSay("not_opened", Path, Err.Description)
End Sub

Private Function IsBusy() As Boolean
    IsBusy = mBusy
    If mBusy Then MsgBox KaoheSay("busy"), vbInformation, "KAOHE"
End Function

' Whether there is no such file yet, or it may be replaced. Python looks: VBA's Dir takes only the characters of the code page.
Private Function MayWrite(ByVal Path As String) As Boolean
    MayWrite = True
    If Len(KaoheAsk("there_is", Path)) = 0 Then Exit Function
    MayWrite = MsgBox(KaoheSay("may_replace", Path), vbYesNo + vbQuestion + vbDefaultButton2, "KAOHE") = vbYes
End Function

' Wait until a job has ended; False if it was cancelled.
Private Function Waited(ByVal Folder As String) As Boolean
    Dim state As String, finish As Double
    On Error GoTo Cancelled
    KaoheWasEsc
    Do
        Application.EnableCancelKey = RAISE_ERROR
        state = KaoheAsk("poll", Folder)
        If Left$(state, Len(RUNNING)) <> RUNNING Then Exit Do
        Application.StatusBar = KaoheSay("progress", Mid$(state, Len(RUNNING) + 2))
        finish = Timer + 0.2
        Do While Timer < finish And Timer > finish - 1
            DoEvents
            If KaoheWasEsc() Then Err.Raise ESC_PRESSED
            Sleep BETWEEN_TURNS
        Loop
    Loop
    Application.EnableCancelKey = NOT_AT_ALL   ' what is done with the result is done whole
    Waited = True
    Exit Function
Cancelled:
    If Err.Number <> ESC_PRESSED Then Err.Raise Err.Number, , Err.Description
    KaoheAsk "cancel", Folder
End Function

' Whether a workbook hasn't been closed while one waited.
Private Function IsOpen(ByVal Book As Workbook) As Boolean
    On Error Resume Next
    IsOpen = Len(Book.Name) > 0
End Function

Private Sub EndJob()
    mBusy = False
    On Error Resume Next
    Application.StatusBar = False
End Sub

Private Sub Tell(ByVal Message As String, ByVal Title As String)
    If Len(Message) > 0 Then MsgBox Message, vbInformation, Title
End Sub

' The selected cell as sheet!A1; an empty text where a chart or a picture is selected.
Private Function Selected(ByVal Book As Workbook) As String
    On Error Resume Next
    Selected = "'" & Replace(ActiveCell.Worksheet.Name, "'", "''") & "'!" & ActiveCell.Address(False, False)
End Function
