using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace OrleansLb.Admin.Tests.Events;

/// <summary>Reads server-sent events as they come.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpClient _client;
    private readonly Stream _body;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventStream(HttpClient client, Stream body)
    {
        (_client, _body) = (client, body);
        _items = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    public static async Task<EventStream> Open(Uri address, string? lastId = null)
    {
        var client = new HttpClient();
        if (lastId is not null)
            client.DefaultRequestHeaders.Add("Last-Event-ID", lastId);
        return new EventStream(client, await client.GetStreamAsync(address, TestContext.Current.CancellationToken));
    }

    /// <summary>The next event; <see langword="null"/> when the stream has ended.</summary>
    public async Task<JsonNode?> NextOfAny()
    {
        if (!await _items.MoveNextAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken))
            return null;
        var item = JsonNode.Parse(_items.Current.Data)!;
        Assert.Equal(_items.Current.EventType, (string)item["kind"]!);
        Assert.Equal((long?)item["id"], _items.Current.EventId is { Length: > 0 } id && item["id"] is not null ? long.Parse(id, CultureInfo.InvariantCulture) : null);
        return item;
    }

    /// <summary>The next event of one of some kinds; others are passed over.</summary>
    public async Task<JsonNode> Next(params string[] kinds)
    {
        while (await NextOfAny() is { } item)
        {
            if (kinds.Contains((string)item["kind"]!))
                return item;
        }

        throw new InvalidOperationException($"The stream ended before {string.Join(" or ", kinds)}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync();
        await _body.DisposeAsync();
        _client.Dispose();
    }
}
