namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>Each request of the corpus is refused once and counted once, whatever follows it, and no backend hears of it.</summary>
public sealed class HostileRequestTests(AttackedFrontend attacked) : IClassFixture<AttackedFrontend>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static IReadOnlyList<HostileRequest> All { get; } = [.. HostileRequest.Read(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Hostile", "requests.txt")))];

    public static TheoryData<string> Names => [.. All.Select(static request => request.Name)];

    [Fact]
    public void Corpus_HasAtLeast150_NoneTwice()
    {
        Assert.InRange(All.Count, 150, int.MaxValue);
        Assert.Equal(All.Count, All.DistinctBy(static request => request.Name).Count());
        Assert.Equal(All.Count, All.DistinctBy(static request => request.Bytes).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_OfTheCorpus_IsRefusedOnceAndTheConnectionEnds(string name)
    {
        var request = All.Single(each => each.Name == name);
        var (before, counted) = (attacked.Backend.Requests, attacked.Refusing.Counted.Length);

        var answer = await Send(request.Bytes);

        Assert.True(IsExpected(request, answer), answer);
        Assert.Equal(request.Status == 405, answer.Contains("\r\nAllow: ", StringComparison.Ordinal));
        Assert.Single(attacked.Refusing.Counted[counted..]);
        Assert.InRange(attacked.Backend.Requests - before, 0, request.MayDial ? 1 : 0);
        Assert.Equal(attacked.Backend.Id, await attacked.Client.GetStringAsync("/id", TestContext.Current.CancellationToken));
    }

    /// <summary>A byte at a time is read as all at once.</summary>
    [Fact]
    public async Task Requests_InPieces_AreRefusedAlike()
    {
        foreach (var request in All.Where(static request => request.Bytes.Length < 300))
        {
            var answer = await Send(request.Bytes, pieces: 7);
            Assert.True(IsExpected(request, answer), $"{request.Name}: {answer}");
        }
    }

    private static bool IsExpected(HostileRequest request, string answer)
    {
        var answers = answer.Split("HTTP/1.1 ").Length - 1;
        return request.Status == 0 ? answers == 0 : answers == 1 && answer.StartsWith($"HTTP/1.1 {request.Status} ", StringComparison.Ordinal);
    }

    private async Task<string> Send(string bytes, int pieces = 1)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var connection = await RawConnection.Open(attacked.Frontend.Http1, limit.Token);
        foreach (var piece in bytes.Chunk((bytes.Length + pieces - 1) / pieces))
        {
            try
            {
                await connection.Send(new string(piece), limit.Token);
            }
            catch (IOException)
            {
                // It was refused before all of it was there.
                break;
            }
        }

        return await connection.ReadToEnd(limit.Token);
    }
}
