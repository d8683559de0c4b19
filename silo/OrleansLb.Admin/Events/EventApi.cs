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
/// <c>GET /api/v1/events</c>: events as they happen, as server-sent events. <c>GET /api/v1/events?last=50</c>: the last ones, in one
/// document.
/// </summary>
internal sealed class EventApi(EventFeed feed, ILocalSiloDetails silo, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : IStatusEndpoints
{
    private const string LastParameter = "last";
    private const string RetryAfterSeconds = "10";

    /// <summary>A reader whose connection is dead is noticed when something is sent to it.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/events", (Delegate)Get);

    private IResult Get(HttpContext context)
    {
        if (context.Request.Query.TryGetValue(LastParameter, out var last))
            return GetLast(last);
        if (feed.Open() is { } reader)
            return TypedResults.ServerSentEvents(Read(reader, context));
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Results.Problem($"{EventFeed.MostReaders} connections read already.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private IResult GetLast(string? last) =>
        int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is > 0 and <= EventFeed.Capacity
            ? Results.Json(new EventPage([.. feed.Last(most).Select(static happened => new EventDocument(happened))]))
            : Results.Problem($"'{LastParameter}' must be a whole number from 1 to {EventFeed.Capacity}.", statusCode: StatusCodes.Status400BadRequest);

    private async IAsyncEnumerable<SseItem<EventDocument>> Read(EventReader reader, HttpContext context, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Neither the client's end nor that of the server may be waited for by the other.
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.RequestAborted, lifetime.ApplicationStopping);
        using var reading = reader;
        await using var drop = reader.Dropped.Register(static state => ((HttpContext)state!).Abort(), context);

        // The first one is sent at once, so that the reader knows that it reads.
        yield return Item(new EventDocument("Connected") { Silo = silo.Name });
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

    private static SseItem<EventDocument> Item(EventDocument document) => new(document, document.Kind);
}
