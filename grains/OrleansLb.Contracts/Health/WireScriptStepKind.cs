namespace OrleansLb.Contracts.Health;

/// <summary>What a step of a probe's script does, on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireScriptStepKind")]
public enum WireScriptStepKind
{
    /// <summary>Sends bytes.</summary>
    Send = 0,

    /// <summary>Reads until bytes have come.</summary>
    Expect = 1,

    /// <summary>Reads until a regular expression matches.</summary>
    ExpectRegex = 2,
}
