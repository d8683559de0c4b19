using System.Globalization;
using OrleansLb.Core.Snapshots;
using OrleansLb.Reports;

namespace OrleansLb.LimitBench.Sessions;

/// <summary>What a million learned sessions cost where they are kept, and what as many invented ones do to them while all are in use.</summary>
internal sealed class SessionBench(DirectoryInfo folder, TextWriter output)
{
    private const int Success = 0;
    private const int SomethingMissed = 1;
    private const int Sessions = 1_000_000;

    // Ranges do not fill evenly, and all of a million shall have room.
    private static readonly SessionDefinition Definition = new() { MaxSessions = Sessions * 9 / 8 };

    private readonly Table _table = new("sessions in", "bytes a session", "new (ns)", "known (ns)", "sessions after the flood", "bytes after the flood / before", "flood (ns a session)", "known ones forgotten");
    private readonly List<string> _misses = [];

    public async Task<int> Run()
    {
        Func<ISessionPlace>[] places = [static () => new BoundSessions(Definition), static () => new RememberedSessions(Definition)];
        foreach (var make in places)
        {
            // The first is for the compiler.
            new SessionMeasurement(Sessions / 10).Run(make);
            Add(make(), new SessionMeasurement(Sessions).Run(make));
        }

        await output.WriteLineAsync(_table.ToMarkdown());
        folder.Create();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "sessions.md"), _table.ToMarkdown());
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "sessions.csv"), _table.ToCsv());
        foreach (var miss in _misses)
            await output.WriteLineAsync($"missed: {miss}");
        return _misses.Count == 0 ? Success : SomethingMissed;
    }

    private void Add(ISessionPlace place, SessionCost cost)
    {
        _table.Add(
            place.Name,
            Number(cost.BytesASession),
            Number(cost.NewSession),
            Number(cost.KnownSession),
            cost.CountAfterFlood,
            cost.Growth.ToString("0.00", CultureInfo.InvariantCulture),
            Number(cost.InventedSession),
            cost.Forgotten);
        if (cost.Forgotten > place.MayForget)
            _misses.Add($"{place.Name}: {cost.Forgotten} sessions in use were forgotten, where {place.MayForget} may be.");
        if (cost.CountAfterFlood > place.Capacity)
            _misses.Add($"{place.Name}: {cost.CountAfterFlood} sessions are kept, where {place.Capacity} are allowed.");
    }

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
