using OrleansLb.Contracts.Draining;
using OrleansLb.Core;
using OrleansLb.Core.Draining;

namespace OrleansLb.Grains.Backends;

/// <summary>What the live front-ends said of draining backends.</summary>
/// <param name="AreAll">Whether it is certain that no other front-end lives.</param>
/// <param name="Answers">One for each front-end.</param>
internal sealed record DrainAnswers(bool AreAll, IReadOnlyList<(string FrontendId, DrainReport[] Reports)> Answers)
{
    /// <summary>What they said of one backend.</summary>
    public FrontendDrain[] Of(BackendKey key) => [.. Answers.Select(answer => Of(key, answer.FrontendId, answer.Reports))];

    private static FrontendDrain Of(BackendKey key, string frontendId, DrainReport[] reports)
    {
        foreach (var report in reports)
        {
            if (report.BackendKey == key.Value)
                return new FrontendDrain(frontendId, true, report.Requests, report.Connections, report.Arrivals, report.IsClosed);
        }

        return FrontendDrain.Silent(frontendId);
    }
}
