# PowerShell completion of gt. For this shell: gt completion powershell | Out-String | Invoke-Expression
# For good: put that line into the file that $PROFILE names.
Register-ArgumentCompleter -Native -CommandName 'gt' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    & gt __complete @words "$wordToComplete" 2>$null | Where-Object { $_ -notmatch '^:' } | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
