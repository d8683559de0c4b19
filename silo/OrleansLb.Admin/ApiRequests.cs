using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Admin;

/// <summary>What the endpoints of the status API read and answer alike.</summary>
internal static class ApiRequests
{
    /// <summary>The most entries that one answer has.</summary>
    public const int MostEntries = 1_000;

    /// <summary>How many entries a request wants.</summary>
    /// <param name="request">The request.</param>
    /// <param name="usual">How many when it does not say.</param>
    /// <param name="limit">How many, 1 to <see cref="MostEntries"/>.</param>
    /// <returns>What is wrong with what it says; <see langword="null"/> for nothing.</returns>
    public static IResult? ReadLimit(HttpRequest request, int usual, out int limit)
    {
        limit = usual;
        return request.Query.TryGetValue("limit", out var most)
            && (most is not [{ } number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostEntries)
            ? BadRequest($"'limit' must be a whole number from 1 to {MostEntries}.")
            : null;
    }

    /// <summary>The value that a request looks up; <see langword="null"/> when its body has none.</summary>
    public static async Task<string?> ReadValue(HttpRequest request)
    {
        try
        {
            return request.HasJsonContentType() ? (await request.ReadFromJsonAsync<ValueQuery>())?.Value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Who asks, for histories.</summary>
    public static string Who(HttpContext context) => context.User.Identity?.Name ?? "an administrator";

    public static IResult NotFound(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    public static IResult BadRequest(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}
