using System.Text;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Tests.AccessLog;

public sealed class LineQueueTests
{
    [Fact]
    public void Take_LinesOfSeveralBlocks_AreInTheirOrder()
    {
        var queue = new LineQueue(LineQueue.MostSize);
        string[] lines = [.. Enumerable.Range(0, 10_000).Select(static i => $"{i} {new string('x', i % 100)}\n")];
        foreach (var line in lines)
            Assert.True(queue.TryAdd(Encoding.ASCII.GetBytes(line), out _));

        Assert.Equal(string.Concat(lines), Drain(queue));
        Assert.Null(queue.Take());
    }

    [Fact]
    public void Add_Full_IsRefusedUntilABlockIsGivenBack()
    {
        var queue = new LineQueue(LineQueue.LeastSize);
        var line = new byte[LineBlock.Size / 4];
        var fullAt = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            Assert.True(queue.TryAdd(line, out var isBlockFull));
            if (isBlockFull)
                fullAt.Add(i);
        }

        Assert.Equal([4], fullAt);
        Assert.False(queue.TryAdd(line, out _));
        var oldest = queue.Take()!;
        Assert.False(queue.TryAdd(line, out _));
        queue.Return(oldest);
        Assert.True(queue.TryAdd(line, out _));
    }

    [Fact]
    public async Task Add_FromManyThreads_EachLineIsThereOnceAndWhole()
    {
        var queue = new LineQueue(LineQueue.MostSize);
        var adding = Parallel.ForAsync(0, 20_000, TestContext.Current.CancellationToken, (i, cancellation) =>
        {
            Assert.True(queue.TryAdd(Encoding.ASCII.GetBytes($"{i}\n"), out _));
            return ValueTask.CompletedTask;
        });
        var text = new StringBuilder();
        while (!adding.IsCompleted)
            text.Append(Drain(queue));
        await adding;
        text.Append(Drain(queue));

        Assert.Equal(Enumerable.Range(0, 20_000).Select(static i => $"{i}").Order(), text.ToString().Split('\n')[..^1].Order());
    }

    private static string Drain(LineQueue queue)
    {
        var text = new StringBuilder();
        while (queue.Take() is { } block)
        {
            text.Append(Encoding.ASCII.GetString(block.Rest));
            queue.Return(block);
        }

        return text.ToString();
    }
}
