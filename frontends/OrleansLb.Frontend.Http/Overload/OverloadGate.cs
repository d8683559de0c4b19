using OrleansLb.Core.Overload;

namespace OrleansLb.Frontend.Http.Overload;

/// <summary>What the front-end does without at the moment; written by <see cref="MemoryWatch"/>, read by every request and connection.</summary>
internal sealed class OverloadGate
{
    private volatile OverloadLevel _level;

    public OverloadLevel Level
    {
        get => _level;
        set => _level = value;
    }
}
