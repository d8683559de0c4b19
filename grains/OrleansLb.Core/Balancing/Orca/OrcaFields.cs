namespace OrleansLb.Core.Balancing.Orca;

/// <summary>Collects the fields of one report.</summary>
internal ref struct OrcaFields
{
    private OrcaReport _report;
    private int _seen;

    /// <summary>What was collected.</summary>
    public readonly OrcaReport Report => _report;

    /// <summary>Takes a field that may occur once, as in formats for people, where a second one is a mistake of somebody.</summary>
    /// <returns>Whether the number is one that a share or a rate can be, and the first of its field.</returns>
    public bool TryAdd(OrcaField field, double value)
    {
        var mark = 1 << (int)field;
        if ((_seen & mark) != 0)
            return false;
        _seen |= mark;
        return TrySet(field, value);
    }

    /// <summary>Takes a field that replaces an earlier one, as protobuf has it.</summary>
    /// <returns>Whether the number is one that a share or a rate can be.</returns>
    public bool TrySet(OrcaField field, double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            return false;
        _report = field switch
        {
            OrcaField.CpuUtilization => _report with { CpuUtilization = value },
            OrcaField.ApplicationUtilization => _report with { ApplicationUtilization = value },
            OrcaField.RequestRate => _report with { RequestRate = value },
            _ => _report with { FailureRate = value },
        };
        return true;
    }
}
