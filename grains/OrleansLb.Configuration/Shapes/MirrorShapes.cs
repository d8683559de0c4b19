using OrleansLb.Configuration.Mirroring;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys that say which requests are sent to another cluster too.</summary>
internal static class MirrorShapes
{
    public static ObjectShape Mirror => new(
        strict: true,
        (MirrorReader.Cluster, Values.Something),
        (MirrorReader.Percent, Values.NumberWithin(0, 100)),
        (MirrorReader.MaxBody, Values.Int32Within(0, 1_048_576, "bytes")),
        (MirrorReader.MaxInFlight, Values.Int32Within(1, 10_000, "copies")),
        (MirrorReader.Methods, new ListShape(Method)),
        (MirrorReader.Timeout, Values.DurationWithin(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10))));

    private static ValueShape Method { get; } = new(
        static value => HeaderName.IsValid(value) ? null : $"{Quote.Value(value)} is not a method such as GET",
        required: true);
}
