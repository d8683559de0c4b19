using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Stands for an interface with many members, all of which a test answers in one place.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "The proxy is a type derived from this one at run time")]
internal class GrainDouble : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = null!;

    /// <summary>Makes one.</summary>
    /// <param name="answer">Answers a call by its method and arguments.</param>
    public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var proxy = Create<T, GrainDouble>();
        ((GrainDouble)(object)proxy)._answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args!);
}
