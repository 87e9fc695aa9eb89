Option Explicit
Option Private Module

' The Python server that computes: one for all of Excel, whatever workbook is active. The way to reach it through xlwings'
' library (the declarations, and the command that the library starts) follows xlwings' own VBA module; xlwings' licence
' stands in docs/third-party.md. Whatever fails on the way ends here, as one sentence.

#If Win64 Then
    Private Const LIBRARY_NAME As String = "xlwings64-@XLWINGS@.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-@XLWINGS@.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
#Else
    Private Const LIBRARY_NAME As String = "xlwings32-@XLWINGS@.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-@XLWINGS@.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
#End If
Private Declare PtrSafe Function LoadLibrary Lib "KERNEL32" Alias "LoadLibraryA" (ByVal lpLibFileName As String) As LongPtr

Private Const START_SERVER As Long = 1
Private Const STOP_SERVER As Long = -1
Private Const ESC_PRESSED As Long = 18
Private Const MOST_ATTEMPTS As Long = 3
Private Const NOT_AT_ALL As Long = 0   ' xlDisabled
Private Const FUNCTIONS_MODULE As String = "addin.excel.server"
Private Const OF_1904 As String = "_1904"   ' of the names of the server's functions for such workbooks
Private Const MACROS_MODULE As String = "addin.excel.macros"

Private mServer As Object
Private mCommand As String       ' kept, so that no call reads a file, and all calls mean the same server
Private mTrouble As String       ' what went wrong last, until somebody was told
Private mFailed As String        ' why the server can't be had; no cell tries again
Private mFailedFiles As String   ' how the files looked then that it starts from
Private mLookedAt As Double
Private mEsc As Boolean

' A function's result for the arguments of a cell's formula; its kinds as kaohe_answers has them. Esc while one waits for a macro
' is meant for the macro: the cell goes on.
Public Function KaoheCall(ByVal FunctionName As String, ByVal Kinds As String, ByRef Arguments As Variant) As Variant
    Dim attempt As Long, isEsc As Boolean
    On Error Resume Next
    For attempt = 1 To MOST_ATTEMPTS
        KaoheCall = Called(FunctionName, Kinds, Arguments, isEsc)
        If Not isEsc Then Exit Function
        mEsc = True
    Next attempt
End Function

Private Function Called(ByVal FunctionName As String, ByVal Kinds As String, ByRef Arguments As Variant, ByRef IsEsc As Boolean) As Variant
    Dim values As Variant, blocks As Variant
    Called = KaoheWrongValue()
    IsEsc = False
    On Error GoTo Failed
    KaoheWatch
    If IsOf1904() Then FunctionName = FunctionName & OF_1904
    If KaoheRead(Arguments, values, blocks) Then Called = KaoheAnswered(FunctionName, Kinds, blocks, values)
    Exit Function
Failed:
    IsEsc = Err.Number = ESC_PRESSED
    If Not IsEsc Then mTrouble = Reason(Err.Description, Err.Number)
End Function

' Whether Esc was pressed while a cell's function ran, since the last time that this was asked.
Public Function KaoheWasEsc() As Boolean
    KaoheWasEsc = mEsc
    mEsc = False
End Function

' Whether days count from 1904 in the workbook that calls: then everything about the call has another name.
Private Function IsOf1904() As Boolean
    If TypeName(Application.Caller) = "Range" Then IsOf1904 = Application.Caller.Worksheet.Parent.Date1904
End Function

' Ask Python; raises an error with what should be told.
Public Function KaoheAskServer(ByVal FunctionName As String, ByRef Arguments As Variant) As Variant
    Dim answer As Variant, restarted As Boolean, wasThere As Boolean
    If Not MayTry() Then Err.Raise KAOHE_TOLD, , mFailed
    On Error GoTo Failed
AskServer:
    wasThere = Not mServer Is Nothing
    answer = KaoheServer().CallUDF(FUNCTIONS_MODULE, FunctionName, Arguments, Nothing, Nothing)
    On Error GoTo 0
    If IsTold(answer) Then Err.Raise KAOHE_TOLD, , Mid$(answer, 2)
    KaoheAskServer = KaoheAnswer(answer)
    mTrouble = ""
    Exit Function
Failed:
    If Err.Number = ESC_PRESSED Then Err.Raise ESC_PRESSED
    ' A server that somebody ended is started again, once.
    If wasThere And Not restarted Then
        restarted = True
        Set mServer = Nothing
        Resume AskServer
    End If
    Fail Err.Description, Err.Number
    Err.Raise KAOHE_TOLD, , mFailed
End Function

' The server, started if it isn't running.
Public Function KaoheServer() As Object
    Dim result As Variant
    If mServer Is Nothing Then
        Prepare
        IgnoreEsc
        If XLPyDLLActivateAuto(result, mCommand, START_SERVER) <> 0 Then Err.Raise vbObjectError + 2, , CStr(result)
        Set mServer = result
        mFailed = ""
    End If
    Set KaoheServer = mServer
End Function

' Whoever presses Esc while the library waits would end the code, and with it what is known of a failure. Excel sets this back
' when it is idle.
Private Sub IgnoreEsc()
    On Error Resume Next   ' Excel refuses to where a cell calls
    Application.EnableCancelKey = NOT_AT_ALL
End Sub

' Ask a function of addin.excel.macros; its answer is a text. Raises an error with what should be told.
Public Function KaoheAsk(ByVal FunctionName As String, ParamArray Arguments() As Variant) As String
    Dim server As Object, given() As Variant, i As Long, answer As String, restarted As Boolean, wasThere As Boolean
    ReDim given(0 To UBound(Arguments) + 1)
    given(0) = FunctionName
    For i = 0 To UBound(Arguments)
        given(i + 1) = Arguments(i)
    Next i
    On Error GoTo Failed
AskServer:
    wasThere = Not mServer Is Nothing
    Set server = KaoheServer()
    answer = server.Str(server.Call(server.Module(MACROS_MODULE), "answer", server.TupleFromArray(given)))
    On Error GoTo 0
    If IsTold(answer) Then Err.Raise KAOHE_TOLD, , Mid$(answer, 2)
    KaoheAsk = answer
    Exit Function
Failed:
    If Err.Number = ESC_PRESSED Then Err.Raise ESC_PRESSED
    If wasThere And Not restarted Then
        restarted = True
        Set mServer = Nothing
        Resume AskServer
    End If
    ' What a macro does wrong is no reason for the cells to stop.
    If Not mServer Is Nothing Then Err.Raise KAOHE_TOLD, , Reason(Err.Description, Err.Number)
    Fail Err.Description, Err.Number
    Err.Raise KAOHE_TOLD, , mFailed
End Function

' Whether an answer is a text with the mark of one that should be told.
Private Function IsTold(ByRef Answer As Variant) As Boolean
    If VarType(Answer) = vbString Then IsTold = Left$(Answer, 1) = ChrW(1)
End Function

' Tell Python which workbook a macro is about.
Public Sub KaoheSetBook(ByVal Wb As Workbook)
    Dim server As Object
    Set server = KaoheServer()
    server.SetAttr server.Module("xlwings._xlwindows"), "BOOK_CALLER", Wb
End Sub

' Nothing of before counts any more: neither a failure, nor what was known.
Public Sub KaoheStopServer()
    Dim unused As Variant
    Set mServer = Nothing
    mFailed = ""
    mTrouble = ""
    KaoheForgetAnswers
    On Error Resume Next   ' without a configuration or the library there is nothing to stop
    Prepare                ' what to stop is forgotten after a failure, and where somebody has stopped the code
    If Len(mCommand) > 0 Then XLPyDLLActivateAuto unused, mCommand, STOP_SERVER
    mCommand = ""
End Sub

Public Function KaoheHasTrouble() As Boolean
    KaoheHasTrouble = Len(mTrouble) > 0
End Function

' What went wrong since the last time that this was asked.
Public Function KaoheTrouble() As String
    KaoheTrouble = mTrouble
    mTrouble = ""
End Function

Private Sub Fail(ByVal Description As String, ByVal Number As Long)
    mFailed = Reason(Description, Number)
    mFailedFiles = Files()
    Set mServer = Nothing
    mCommand = ""
End Sub

' After a failure no cell waits for another one, until the files have changed that the server starts from.
Private Function MayTry() As Boolean
    MayTry = Len(mFailed) = 0
    If MayTry Or Int(Timer) = mLookedAt Then Exit Function
    mLookedAt = Int(Timer)
    MayTry = Files() <> mFailedFiles
End Function

' The files that the server starts from, and when they were written.
Private Function Files() As String
    Dim interpreter As String, path As Variant
    On Error Resume Next
    interpreter = KaoheSetting("INTERPRETER_WIN")
    For Each path In Array(ConfigurationFile(), interpreter, ParentFolder(interpreter) & "\" & LIBRARY_NAME, ParentFolder(ParentFolder(interpreter)) & "\" & LIBRARY_NAME)
        Files = Files & path & " "
        Files = Files & FileDateTime(path)
        Files = Files & vbLf
    Next path
End Function

' What went wrong, in one sentence for the user.
Private Function Reason(ByVal Description As String, ByVal Number As Long) As String
    If Number = KAOHE_TOLD Then Reason = Description Else Reason = KaoheReason(Description & " (" & Number & ")")
End Function

' Read the configuration and load the library, both once.
Private Sub Prepare()
    Dim interpreter As String, folder As String
    If Len(mCommand) > 0 Then Exit Sub
    If InStr(Application.OperatingSystem, "Macintosh") > 0 Then Err.Raise KAOHE_TOLD, , KaoheSay("not_on_mac")
    interpreter = KaoheSetting("INTERPRETER_WIN")
    If Len(interpreter) = 0 Then
        Err.Raise KAOHE_TOLD, , KaoheSay("no_configuration", ConfigurationFile())
    End If
    folder = ParentFolder(interpreter)
    ' Beside python.exe in a plain installation, one folder up in an environment.
    If LoadLibrary(folder & "\" & LIBRARY_NAME) = 0 Then
        If LoadLibrary(ParentFolder(folder) & "\" & LIBRARY_NAME) = 0 Then
            Err.Raise KAOHE_TOLD, , KaoheSay("no_library", LIBRARY_NAME, ParentFolder(folder))
        End If
    End If
    mCommand = KaoheCommand(interpreter)
End Sub

' The command that starts the server. Nothing in it depends on a workbook: xlwings' library keeps a server a command. Variables
' of the system, which may be meant for another Python, don't count; nor does the folder that Excel is in, where it would begin: it
' may be of a network that is away.
Private Function KaoheCommand(ByVal Interpreter As String) As String
    KaoheCommand = """" & Interpreter & """ -B -E -P -c ""import os,sys;os.chdir(sys.exec_prefix);import addin.excel.server as s;s.serve('$(CLSID)')"""
End Function

Private Function ParentFolder(ByVal Path As String) As String
    Dim at As Long
    at = InStrRev(Path, "\")
    If at > 0 Then ParentFolder = Left$(Path, at - 1)
End Function

Private Function ConfigurationFile() As String
    ConfigurationFile = Environ$("USERPROFILE") & "\.kaohe\kaohe.conf"
End Function

' A value of the configuration, lines of "KEY","VALUE"; an empty text where there is none, or where the file is none of these.
Private Function KaoheSetting(ByVal Key As String) As String
    Dim number As Integer, name As String, value As String
    On Error GoTo Done   ' a file that stayed open couldn't be written any more; Dir fails where the code page has no such path
    If Len(Dir$(ConfigurationFile())) = 0 Then Exit Function
    number = FreeFile
    Open ConfigurationFile() For Input As #number
    Do While Not EOF(number)
        Input #number, name, value
        If UCase$(name) = Key Then KaoheSetting = value
    Loop
Done:
    If number > 0 Then Close #number
End Function
