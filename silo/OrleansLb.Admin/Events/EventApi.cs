using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Events;

/// <summary>
/// <c>GET /api/v1/events</c>: events as they happen, as server-sent events; with <c>Last-Event-ID</c> or <c>?after=</c> from the one after that on.
/// <c>GET /api/v1/events?last=50</c>: the last ones, in one document.
/// </summary>
internal sealed class EventApi(EventFeed feed, ILocalSiloDetails silo, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : IStatusEndpoints
{
    private const string LastParameter = "last";
    private const string AfterParameter = "after";
    private const string LastIdHeader = "Last-Event-ID";
    private const string RetryAfterSeconds = "10";

    /// <summary>A silo that just started may not have what was kept yet; without a store it never will.</summary>
    private static readonly TimeSpan RestorePatience = TimeSpan.FromSeconds(5);

    /// <summary>A reader whose connection is dead is noticed when something is sent to it.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/events", (Delegate)Get);

    private async Task<IResult> Get(HttpContext context)
    {
        if (!TryReadAfter(context.Request, out var after))
            return Results.Problem($"'{AfterParameter}' and {LastIdHeader} must be the id of an event.", statusCode: StatusCodes.Status400BadRequest);
        if (!feed.Restored.IsCompleted)
            await feed.Restored.WaitAsync(RestorePatience, clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (context.Request.Query.TryGetValue(LastParameter, out var last))
            return GetLast(last, after);
        if (feed.Open(after) is { } reader)
            return TypedResults.ServerSentEvents(Read(reader, context));
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Results.Problem($"{EventFeed.MostReaders} connections read already.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>An EventSource that was opened with a parameter says in the header where it is by now.</summary>
    private static bool TryReadAfter(HttpRequest request, out long? after)
    {
        after = null;
        var text = request.Headers.TryGetValue(LastIdHeader, out var header) ? header : request.Query[AfterParameter];
        if (text.Count == 0)
            return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return false;
        after = id;
        return true;
    }

    private IResult GetLast(string? last, long? after) =>
        int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is > 0 and <= EventFeed.Capacity
            ? Results.Json(new EventPage([.. feed.Last(most, after).Select(static happened => new EventDocument(happened))]))
            : Results.Problem($"'{LastParameter}' must be a whole number from 1 to {EventFeed.Capacity}.", statusCode: StatusCodes.Status400BadRequest);

    private async IAsyncEnumerable<SseItem<EventDocument>> Read(EventReader reader, HttpContext context, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Neither the client's end nor that of the server may be waited for by the other.
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.RequestAborted, lifetime.ApplicationStopping);
        using var reading = reader;
        await using var drop = reader.Dropped.Register(static state => ((HttpContext)state!).Abort(), context);

        // The first one is sent at once, so that the reader knows that it reads.
        yield return Item(new EventDocument("Connected") { Silo = silo.Name, Detail = reader.MayMiss ? "the event to go on after is not kept any more; others after it may be missing" : null });
        foreach (var happened in reader.Before)
            yield return Item(new EventDocument(happened));
        while (await Wait(reader, end.Token) is { } hasEvents)
        {
            if (!hasEvents)
                yield return Item(new EventDocument("Alive"));
            while (reader.Events.TryRead(out var happened))
                yield return Item(new EventDocument(happened));
        }
    }

    /// <summary>Waits for events.</summary>
    /// <returns>Whether there are some; <see langword="null"/> at the end.</returns>
    private async Task<bool?> Wait(EventReader reader, CancellationToken end)
    {
        using var silence = new CancellationTokenSource(LongestSilence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, end);
        try
        {
            return await reader.Events.WaitToReadAsync(either.Token) ? true : null;
        }
        catch (OperationCanceledException)
        {
            return end.IsCancellationRequested ? null : false;
        }
    }

    private static SseItem<EventDocument> Item(EventDocument document) => new(document, document.Kind)
    {
        EventId = document.Id?.ToString(CultureInfo.InvariantCulture),
    };
}
