using System.Reflection;

namespace OrleansLb.Frontend.Tests;

/// <summary>Grains that a test makes, found by a key that is text.</summary>
public class FoundGrains : DispatchProxy
{
    private Func<string, object> _find = static key => throw new KeyNotFoundException(key);

    /// <summary>A factory that finds what a test makes.</summary>
    public static IGrainFactory By(Func<string, object> find)
    {
        var grains = Create<IGrainFactory, FoundGrains>();
        ((FoundGrains)(object)grains)._find = find;
        return grains;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _find((string)args![0]!);
}
