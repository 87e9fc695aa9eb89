Option Explicit

' What the ribbon calls. Office finds these by their names and arguments.

Private Const HEADING_ROWS As Long = 20
Private Const HEADING_COLUMNS As Long = 80
Private Const SCHEME_ID As String = "scheme."
Private Const MACRO_ID As String = "macro."

Private mRibbon As IRibbonUI

Public Sub KaoheLoaded(ribbon As IRibbonUI)
    Set mRibbon = ribbon
End Sub

' Ask the ribbon's questions anew: another workbook is active.
Public Sub KaoheRefreshRibbon()
    On Error Resume Next   ' there is none yet, or it was lost when somebody stopped the code
    mRibbon.Invalidate
End Sub

' A workbook of its own functions needs no tab of its own beside the add-in's.
Public Sub KaoheIsVisible(control As IRibbonControl, ByRef visible As Variant)
    visible = ThisWorkbook.IsAddin Or Not IsAddinOpen()
End Sub

Private Function IsAddinOpen() As Boolean
    Dim book As Workbook
    On Error Resume Next
    Set book = Workbooks("kaohe.xlam")
    IsAddinOpen = Not book Is Nothing
End Function

Public Sub KaoheMayStart(control As IRibbonControl, ByRef enabled As Variant)
    enabled = Not KaoheIsBusy()
End Sub

Public Sub KaoheHasWorkbook(control As IRibbonControl, ByRef enabled As Variant)
    enabled = Not KaoheIsBusy() And Not ActiveWorkbook Is Nothing
End Sub

Public Sub KaoheHasTable(control As IRibbonControl, ByRef enabled As Variant)
    enabled = False
    If KaoheIsBusy() Or ActiveWorkbook Is Nothing Then Exit Sub
    ' name, staff number
    enabled = HasListObject(ActiveWorkbook) Or HasHeading(ActiveWorkbook, U("\u59d3\u540d")) Or HasHeading(ActiveWorkbook, U("\u5de5\u53f7"))
End Sub

Public Sub KaoheHasChecks(control As IRibbonControl, ByRef enabled As Variant)
    enabled = False
    If KaoheIsBusy() Or ActiveWorkbook Is Nothing Then Exit Sub
    ' check
    enabled = HasHeading(ActiveWorkbook, U("\u6821\u9a8c"))
End Sub

Private Function HasListObject(ByVal Book As Workbook) As Boolean
    Dim sheet As Worksheet
    For Each sheet In Book.Worksheets
        If sheet.ListObjects.Count > 0 Then
            HasListObject = True
            Exit Function
        End If
    Next sheet
End Function

' Whether a heading stands among the first rows of a sheet.
Private Function HasHeading(ByVal Book As Workbook, ByVal Heading As String) As Boolean
    Dim sheet As Worksheet, values As Variant, row As Long, column As Long
    For Each sheet In Book.Worksheets
        values = sheet.Range(sheet.Cells(1, 1), sheet.Cells(HEADING_ROWS, HEADING_COLUMNS)).Value2
        For row = 1 To LastOf(values, 1)
            For column = 1 To LastOf(values, 2)
                If VarType(values(row, column)) = vbString Then
                    If values(row, column) = Heading Then
                        HasHeading = True
                        Exit Function
                    End If
                End If
            Next column
        Next row
    Next sheet
End Function

Private Function LastOf(ByRef Values As Variant, ByVal Dimension As Long) As Long
    If IsArray(Values) Then LastOf = UBound(Values, Dimension)
End Function

Public Sub KaoheNew(control As IRibbonControl, id As String, index As Integer)
    KaoheNewBook Mid$(id, Len(SCHEME_ID) + 1)
End Sub

Public Sub KaoheMacro(control As IRibbonControl)
    KaoheRunMacro Mid$(control.ID, Len(MACRO_ID) + 1)
End Sub

Public Sub KaoheCalculate(control As IRibbonControl)
    Application.CalculateFull
    KaoheTellTrouble
End Sub

Public Sub KaoheMend(control As IRibbonControl)
    Dim count As Long
    count = KaoheHeal(ActiveWorkbook, True)
    ' "n formulas were entered again."
    MsgBox U("\u5df2\u91cd\u65b0\u8fde\u63a5 ") & count & U(" \u4e2a\u516c\u5f0f\u3002"), vbInformation, ActiveWorkbook.Name
End Sub

Public Sub KaoheRestart(control As IRibbonControl)
    Dim told As String
    KaoheStopServer
    On Error GoTo Failed
    ' "The Python behind the functions runs: "
    told = U("\u8ba1\u7b97\u7a0b\u5e8f\u5df2\u8fde\u63a5\uff1a") & vbLf & KaoheAsk("about")
    MsgBox told, vbInformation, "KAOHE"
    Exit Sub
Failed:
    MsgBox Err.Description, vbExclamation, "KAOHE"
End Sub

Public Sub KaoheHelp(control As IRibbonControl)
    On Error GoTo Failed
    ThisWorkbook.FollowHyperlink KaoheAsk("handbook")
    Exit Sub
Failed:
    MsgBox Err.Description, vbExclamation, "KAOHE"
End Sub

' Why cells show errors although nothing is wrong with them, told once.
Public Sub KaoheTellTrouble()
    Dim trouble As String
    trouble = KaoheTrouble()
    ' "The KAOHE functions can't compute: ... see Help > Reconnect."
    If Len(trouble) > 0 Then MsgBox U("\u8003\u6838\u51fd\u6570\u6682\u65f6\u65e0\u6cd5\u8ba1\u7b97\uff1a") & vbLf & trouble & vbLf & U("\u6392\u9664\u540e\u8bf7\u5728\u201c\u8003\u6838\u201d\u9009\u9879\u5361\u70b9\u201c\u91cd\u65b0\u8fde\u63a5\u201d\u3002"), vbExclamation, "KAOHE"
End Sub
