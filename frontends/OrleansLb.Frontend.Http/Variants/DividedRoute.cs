using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.Variants;

/// <summary>
/// Whose turn it is among the parts of a route. Each front-end divides its own requests evenly, so that it is off by less than one request; front-ends begin at different places, so that
/// what they are off does not add up.
/// </summary>
internal sealed class DividedRoute
{
    private readonly PickTurn _turn;
    private readonly WeightedRoundRobinSchedule _schedule;
    private readonly string[] _names;
    private readonly int[] _weights;

    public DividedRoute(string frontendId, RoutePart[] parts)
    {
        var shared = parts.Where(static part => !part.Variant.IsFailover).OrderBy(static part => part.Variant.Name, StringComparer.Ordinal).ToArray();
        _turn = PickTurn.Of(frontendId, parts[0].Variant.Group);
        _names = [.. shared.Select(static part => part.Variant.Name)];
        _weights = [.. shared.Select(static part => part.Variant.Weight)];
        _schedule = WeightedRoundRobinSchedule.Build([.. _weights.Select(static weight => (double)weight)]);
    }

    /// <summary>Whether it divides as these say.</summary>
    public bool IsOf(RoutePart[] parts)
    {
        var count = 0;
        foreach (var part in parts)
        {
            if (part.Variant.IsFailover)
                continue;
            count++;
            var index = Array.IndexOf(_names, part.Variant.Name);
            if (index < 0 || _weights[index] != part.Variant.Weight)
                return false;
        }

        return count == _names.Length;
    }

    /// <summary>The part whose turn it is; it is the next one's turn then.</summary>
    public string Next() => _names[_schedule.Pick(_turn.Next())];
}
