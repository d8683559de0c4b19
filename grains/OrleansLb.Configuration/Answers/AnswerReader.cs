using System.Globalization;
using OrleansLb.Configuration.Proxy;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Redirects;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Answers;

/// <summary>Reads what a route answers by itself.</summary>
/// <param name="root">The settings.</param>
/// <param name="problems">Where mistakes go.</param>
internal sealed class AnswerReader(SettingsNode root, Problems problems)
{
    public const string Redirect = "Redirect";
    public const string Response = "Response";
    public const string Location = "Location";
    public const string Scheme = "Scheme";
    public const string Port = "Port";

    private const int UsualResponse = 200;

    private readonly PageReader _pages = new(problems);

    /// <summary>The route with its answer among its metadata; itself if it has none.</summary>
    public RouteConfig Compile(RouteConfig route)
    {
        var ours = root.Find($"ReverseProxy:Routes:{route.RouteId}:OrleansLb");
        var (redirect, response) = (ours?.Child(Redirect), ours?.Child(Response));
        if (response is not null && redirect is not null)
            problems.Error(response.Path, $"goes with no {Redirect}; a route has one answer");
        if (response is not null)
        {
            RefuseCluster(route, ours!, response);
            return RouteCompiler.With(route, RouteMetadataKeys.Response, _pages.Read(response, UsualResponse, TimeSpan.Zero, isKept: true).ToString());
        }

        return redirect is not null && Read(route, ours!, redirect) is { } definition ? RouteCompiler.With(route, RouteMetadataKeys.Redirect, definition.ToString()) : route;
    }

    private RedirectDefinition? Read(RouteConfig route, SettingsNode ours, SettingsNode redirect)
    {
        var status = redirect.Whole(PageReader.Status) ?? RedirectDefinition.UsualStatus;
        var (location, scheme) = (redirect.Text(Location), redirect.Text(Scheme));
        if (location is not null)
        {
            RefuseCluster(route, ours, redirect);
            foreach (var key in (string[])[Scheme, Port])
            {
                if (redirect.Child(key) is { } other)
                    problems.Error(other.Path, $"goes with no {Location}, which says it");
            }

            return new RedirectDefinition(location, status, Unless: null);
        }

        if (scheme is null)
        {
            if (!redirect.WasRemoved(Location) && !redirect.WasRemoved(Scheme))
                problems.Error(redirect.Path, $"must have {Location} or {Scheme}");
            return null;
        }

        // Requests that have the scheme already go on to the cluster, if there is one: sent to where they are they would go round and round.
        var port = redirect.Whole(Port) is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
        scheme = scheme.ToLowerInvariant();
        return new RedirectDefinition($"{scheme}://{RedirectTemplate.Host}{port}{RedirectTemplate.Path}{RedirectTemplate.Query}", status, scheme);
    }

    private void RefuseCluster(RouteConfig route, SettingsNode ours, SettingsNode answer)
    {
        if (route.ClusterId is not null)
            problems.Error($"ReverseProxy:Routes:{route.RouteId}:{nameof(route.ClusterId)}", $"goes with no OrleansLb:{answer.Key}, by which the route answers by itself");
        foreach (var key in (string[])[VariantCompiler.Split, VariantCompiler.Failover])
        {
            if (ours.Child(key) is { } clusters)
                problems.Error(clusters.Path, $"goes with no {answer.Key}, by which the route answers by itself");
        }
    }
}
