using OrleansLb.Configuration.Answers;
using OrleansLb.Configuration.Hedging;
using OrleansLb.Configuration.Mirroring;
using OrleansLb.Configuration.Proxy;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of one route.</summary>
internal static class RouteShapes
{
    public static ObjectShape Route { get; } = new(
        strict: false,
        (nameof(RouteConfig.RouteId), new RefusedShape("routes are an object whose keys are the route ids, not a list with 'RouteId'")),
        (nameof(RouteConfig.Order), Values.Int32),
        (nameof(RouteConfig.MaxRequestBodySize), Values.Int64),
        (nameof(RouteConfig.ClusterId), Values.Text),
        (nameof(RouteConfig.AuthorizationPolicy), Values.Text),
        (nameof(RouteConfig.RateLimiterPolicy), Values.Text),
        (nameof(RouteConfig.OutputCachePolicy), Values.Text),
        (nameof(RouteConfig.TimeoutPolicy), Values.Text),
        (nameof(RouteConfig.Timeout), Values.Duration),
        (nameof(RouteConfig.CorsPolicy), Values.Text),
        (nameof(RouteConfig.Metadata), new MapShape(Values.Text)),
        (nameof(RouteConfig.Transforms), new MapShape(new MapShape(Values.Text))),
        (nameof(RouteConfig.Match), Match),
        ("OrleansLb", new ObjectShape(
            strict: true,
            ("Access", new ObjectShape(
                strict: true,
                (AccessReader.Allow, new ListShape(Values.Network)),
                (AccessReader.Deny, new ListShape(Values.Network)),
                (AccessReader.AllowCountries, new ListShape(Values.Country)),
                (AccessReader.DenyCountries, new ListShape(Values.Country)))),
            (RouteLimitCompiler.Policies, new ListShape(Values.Something)),
            ("Subset", new MapShape(Values.Label)),
            ("SubsetFallback", Values.OneOf("choice", [SubsetReader.FallBackToNone, SubsetReader.FallBackToAny])),
            (VariantCompiler.Split, new ObjectShape(
                strict: true,
                (VariantCompiler.Weights, new MapShape(Values.Int32Within(0, 1_000_000, "parts"))),
                (VariantCompiler.Cookie, Values.Token),
                (VariantCompiler.CookieMaxAge, Values.DurationWithin(TimeSpan.FromSeconds(1), TimeSpan.FromDays(400))),
                (VariantCompiler.Header, Values.Token))),
            (VariantCompiler.Failover, Values.Text),
            (AnswerReader.Redirect, AnswerShapes.Redirect),
            (AnswerReader.Response, AnswerShapes.Response),
            (MirrorReader.Key, MirrorShapes.Mirror),
            (HedgeReader.Key, HedgeShapes.Hedge))));

    private static ObjectShape Match => new(
        strict: false,
        (nameof(RouteMatch.Methods), new MapShape(Values.Text)),
        (nameof(RouteMatch.Hosts), new MapShape(Values.Text)),
        (nameof(RouteMatch.Path), Values.Text),
        (nameof(RouteMatch.Headers), new MapShape(Matcher<HeaderMatchMode>())),
        (nameof(RouteMatch.QueryParameters), new MapShape(Matcher<QueryParameterMatchMode>())));

    private static ObjectShape Matcher<TMode>() where TMode : struct, Enum => new(
        strict: false,
        (nameof(RouteHeader.Name), Values.Text),
        (nameof(RouteHeader.Values), new MapShape(Values.Text)),
        (nameof(RouteHeader.Mode), Values.YarpEnum<TMode>()),
        (nameof(RouteHeader.IsCaseSensitive), Values.Boolean));
}
