Option Explicit
Option Private Module

' The Python server that computes: one for all of Excel, whatever workbook is active.
'
' The way to reach it through xlwings' library (the declarations, and the command that the library starts) follows
' xlwings' own VBA module:
'
'   xlwings is distributed under a BSD 3-clause license.
'   Copyright (C) 2014-present, Zoomer Analytics LLC. All rights reserved.
'
'   Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
'   following conditions are met:
'   * Redistributions of source code must retain the above copyright notice, this list of conditions and the following
'     disclaimer.
'   * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the
'     following disclaimer in the documentation and/or other materials provided with the distribution.
'   * Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote
'     products derived from this software without specific prior written permission.
'
'   THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
'   INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
'   DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
'   SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
'   SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
'   WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
'   OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

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
Private Const SECONDS_BETWEEN_TRIES As Double = 30
Private Const SECONDS_A_DAY As Double = 86400
Private Const FUNCTIONS_MODULE As String = "addin.excel.server"

Private mServer As Object
Private mCommand As String       ' kept, so that no call reads a file, and all calls mean the same server
Private mTrouble As String       ' what went wrong last, until somebody was told
Private mTried As Double

' A function's result for the arguments of a cell's formula.
Public Function KaoheCall(ByVal FunctionName As String, ByVal Arguments As Variant) As Variant
    Dim answer As Variant, restarted As Boolean
    KaoheCall = KaoheWrongValue()
    On Error GoTo Failed
    If Not KaoheBlocks(Arguments) Then Exit Function
    If mServer Is Nothing Then
        If Not MayTry() Then Exit Function
    End If
AskServer:
    answer = KaoheServer().CallUDF(FUNCTIONS_MODULE, FunctionName, Arguments, Nothing, Nothing)
    KaoheCall = KaoheAnswer(answer)
    mTrouble = ""
    Exit Function
Failed:
    mTrouble = Err.Description
    ' A server that somebody ended is started again, once.
    If Not mServer Is Nothing And Not restarted Then
        restarted = True
        Set mServer = Nothing
        Resume AskServer
    End If
    Set mServer = Nothing
End Function

' After a failed start the next cells don't wait for another one.
Private Function MayTry() As Boolean
    Dim seconds As Double
    seconds = CDbl(Now) * SECONDS_A_DAY
    MayTry = mTried = 0 Or seconds - mTried > SECONDS_BETWEEN_TRIES
    If MayTry Then mTried = seconds
End Function

' The server, started if it isn't running.
Public Function KaoheServer() As Object
    Dim result As Variant
    If mServer Is Nothing Then
        Prepare
        If XLPyDLLActivateAuto(result, mCommand, START_SERVER) <> 0 Then Err.Raise vbObjectError + 1, , CStr(result)
        Set mServer = result
        mTried = 0
    End If
    Set KaoheServer = mServer
End Function

' Ask a function of addin.excel.macros; its answer is a text.
Public Function KaoheAsk(ByVal FunctionName As String, ParamArray Arguments() As Variant) As String
    Dim server As Object, given As Variant
    Set server = KaoheServer()
    given = Arguments
    KaoheAsk = server.Str(server.Call(server.Module("addin.excel.macros"), FunctionName, server.TupleFromArray(given)))
End Function

' Tell Python which workbook a macro is about.
Public Sub KaoheSetBook(ByVal Wb As Workbook)
    Dim server As Object
    Set server = KaoheServer()
    server.SetAttr server.Module("xlwings._xlwindows"), "BOOK_CALLER", Wb
End Sub

Public Sub KaoheStopServer()
    Dim unused As Variant
    Set mServer = Nothing
    mTried = 0
    If Len(mCommand) = 0 Then Exit Sub
    On Error Resume Next
    XLPyDLLActivateAuto unused, mCommand, STOP_SERVER
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

' Read the configuration and load the library, both once.
Private Sub Prepare()
    Dim interpreter As String, folder As String, extra As String
    If Len(mCommand) > 0 Then Exit Sub
    interpreter = KaoheSetting("INTERPRETER_WIN")
    If Len(interpreter) = 0 Then
        ' "KAOHE isn't installed for this user (no kaohe.conf). Run install.py."
        Err.Raise vbObjectError + 2, , U("\u6ca1\u6709\u627e\u5230 KAOHE \u7684\u914d\u7f6e\u6587\u4ef6 ") & ConfigurationFile() & U("\uff0c\u8bf7\u8fd0\u884c install.py \u5b89\u88c5\u3002")
    End If
    folder = ParentFolder(interpreter)
    ' Beside python.exe in a plain installation, one folder up in an environment.
    If LoadLibrary(folder & "\" & LIBRARY_NAME) = 0 Then
        If LoadLibrary(ParentFolder(folder) & "\" & LIBRARY_NAME) = 0 Then
            ' "Could not load ... (missing, blocked by antivirus, or of the other bitness). Run install.py again."
            Err.Raise vbObjectError + 3, , U("\u65e0\u6cd5\u52a0\u8f7d ") & LIBRARY_NAME & U("\uff1a\u6587\u4ef6\u4e0d\u5728 ") & ParentFolder(folder) & U(" \u4e2d\uff0c\u6216\u88ab\u6740\u6bd2\u8f6f\u4ef6\u62e6\u622a\u3002\u8bf7\u91cd\u65b0\u8fd0\u884c install.py\u3002")
        End If
    End If
    extra = KaoheSetting("PYTHONPATH")
    mCommand = KaoheCommand(interpreter, extra)
End Sub

' The command that starts the server. Nothing in it depends on a workbook: xlwings' library keeps a server a command.
Private Function KaoheCommand(ByVal Interpreter As String, ByVal SearchPath As String) As String
    Dim path As String
    If Len(SearchPath) > 0 Then
        path = Replace(Replace(SearchPath, "\", "\\"), "'", "\'")
        path = "import sys;sys.path[:0]='" & path & "'.split(';');"
    End If
    KaoheCommand = """" & Interpreter & """ -B -P -c """ & path & "import addin.excel.server as s;s.serve('$(CLSID)')"""
End Function

Private Function ParentFolder(ByVal Path As String) As String
    Dim at As Long
    at = InStrRev(Path, "\")
    If at > 0 Then ParentFolder = Left$(Path, at - 1)
End Function

Private Function ConfigurationFile() As String
    ConfigurationFile = Environ$("USERPROFILE") & "\.kaohe\kaohe.conf"
End Function

' A value of the configuration, lines of "KEY","VALUE"; an empty text where there is none.
Private Function KaoheSetting(ByVal Key As String) As String
    Dim number As Integer, name As String, value As String
    If Len(Dir$(ConfigurationFile())) = 0 Then Exit Function
    number = FreeFile
    Open ConfigurationFile() For Input As #number
    Do While Not EOF(number)
        Input #number, name, value
        If UCase$(name) = Key Then KaoheSetting = value
    Loop
    Close #number
End Function
