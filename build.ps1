Set-Location $PSScriptRoot
dotnet run build/build.cs -- @args; exit $LASTEXITCODE
