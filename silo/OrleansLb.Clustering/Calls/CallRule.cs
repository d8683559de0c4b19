using System.Reflection;
using System.Text;
using OrleansLb.Clustering.Names;
using OrleansLb.Contracts;

namespace OrleansLb.Clustering.Calls;

/// <summary>Whether front-ends may call a method, and in which of its calls a front-end speaks in its own name; as the method's contract says.</summary>
internal sealed class CallRule
{
    private const string OfSilos = "is for silos alone; front-ends may not call it";
    private const string OfAnother = "speaks for a front-end, and another one called it";

    /// <summary>What clients read to know whom they can call. Orleans keeps the type to itself.</summary>
    private const string Manifest = "Orleans.Runtime.IClusterManifestSystemTarget";

    private readonly bool _isForFrontends;
    private readonly bool _isKeyedByFrontend;
    private readonly int[] _fromFrontend;

    private CallRule(bool isForFrontends, bool isKeyedByFrontend, int[] fromFrontend) => (_isForFrontends, _isKeyedByFrontend, _fromFrontend) = (isForFrontends, isKeyedByFrontend, fromFrontend);

    /// <summary>The rule of a method.</summary>
    public static CallRule Of(MethodInfo method) => new(
        method.GetCustomAttribute<CalledByAttribute>() is { Caller: Caller.Frontend } || method.DeclaringType?.FullName == Manifest,
        method.DeclaringType?.IsDefined(typeof(FromFrontendAttribute)) == true,
        [.. method.GetParameters().Where(IsFromFrontend).Select(static each => each.Position)]);

    /// <summary>What is wrong with a call of somebody who came in at a gateway.</summary>
    /// <param name="call">The call.</param>
    /// <param name="client">Who sent it.</param>
    /// <returns><see langword="null"/> if nothing is; otherwise to be read after the method's name.</returns>
    public string? FaultOf(IIncomingGrainCallContext call, GrainId client)
    {
        if (!_isForFrontends)
            return OfSilos;
        var frontend = ClientName.FrontendOf(client);
        return frontend.IsEmpty || IsOf(frontend, call) ? null : OfAnother;
    }

    private static bool IsFromFrontend(ParameterInfo parameter) => parameter.ParameterType.IsAssignableTo(typeof(IFromFrontend)) || parameter.IsDefined(typeof(FromFrontendAttribute));

    private bool IsOf(ReadOnlySpan<byte> frontend, IIncomingGrainCallContext call)
    {
        if (_isKeyedByFrontend && !frontend.SequenceEqual(call.TargetId.Key.AsSpan()))
            return false;
        foreach (var position in _fromFrontend)
        {
            if (!Ascii.Equals(frontend, IdIn(call.Request.GetArgument(position))))
                return false;
        }

        return true;
    }

    private static string? IdIn(object? argument) => argument is IFromFrontend said ? said.FrontendId : argument as string;
}
