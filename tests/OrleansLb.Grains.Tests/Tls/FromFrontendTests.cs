using System.Reflection;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>What front-ends say in their own names is declared where it is said: what is not is believed of any front-end.</summary>
public sealed class FromFrontendTests
{
    private static readonly MethodInfo[] OfFrontends = [.. typeof(IFrontendGrain).Assembly.GetTypes().Where(static type => type.IsInterface).SelectMany(static type => type.GetMethods())
        .Where(static method => method.GetCustomAttribute<CalledByAttribute>() is { Caller: Caller.Frontend })];

    [Fact]
    public void EveryParameterWithTheIdOfAFrontendSaysSo()
    {
        var ids = OfFrontends.SelectMany(static method => method.GetParameters()).Where(static parameter => IsNamedSo(parameter.Name!) || HasId(parameter.ParameterType, [])).ToList();
        Assert.NotEmpty(ids);
        Assert.All(ids, static each => Assert.True(
            each.ParameterType.IsAssignableTo(typeof(IFromFrontend)) || each.IsDefined(typeof(FromFrontendAttribute)),
            $"{each.Member.DeclaringType!.Name}.{each.Member.Name} takes the id of a front-end by '{each.Name}', which is neither an IFromFrontend nor [FromFrontend]."));
    }

    [Fact]
    public void OnlyTextsAreMarked()
    {
        var marked = OfFrontends.SelectMany(static method => method.GetParameters()).Where(static parameter => parameter.IsDefined(typeof(FromFrontendAttribute))).ToList();
        Assert.NotEmpty(marked);
        Assert.All(marked, static each => Assert.Equal(typeof(string), each.ParameterType));
    }

    [Fact]
    public void TheGrainOfAFrontendIsKeyedByIt() => Assert.Equal(
        [typeof(IFrontendGrain)], OfFrontends.Select(static method => method.DeclaringType!).Distinct().Where(static type => type.IsDefined(typeof(FromFrontendAttribute))));

    private static bool HasId(Type type, HashSet<Type> seen)
    {
        var held = type.HasElementType ? type.GetElementType()! : type;
        if (held.Assembly != typeof(IFrontendGrain).Assembly || !seen.Add(held))
            return held.IsGenericType && held.GetGenericArguments().Any(each => HasId(each, seen));
        return held.GetProperties().Any(property => IsNamedSo(property.Name) || HasId(property.PropertyType, seen));
    }

    private static bool IsNamedSo(string name) => string.Equals(name, nameof(IFromFrontend.FrontendId), StringComparison.OrdinalIgnoreCase);
}
