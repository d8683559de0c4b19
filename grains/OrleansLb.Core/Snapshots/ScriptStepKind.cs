namespace OrleansLb.Core.Snapshots;

/// <summary>What a step of a script does. The names are those of the configuration.</summary>
public enum ScriptStepKind
{
    /// <summary>Sends bytes.</summary>
    Send,

    /// <summary>Reads until bytes have come.</summary>
    Expect,

    /// <summary>Reads until a regular expression matches what has come, each byte being one character.</summary>
    ExpectRegex,
}
