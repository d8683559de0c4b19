using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Says what is wrong by key. A file that cannot be written at the start is not: it may be possible later, and requests are worth more than their log.</summary>
internal sealed class AccessLogOptionsValidation : IValidateOptions<AccessLogOptions>
{
    private const string Section = AccessLogOptions.SectionName;

    private static readonly TimeSpan ShortestFlush = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, AccessLogOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Mistakes(AccessLogOptions options)
    {
        if (options.Path is { } path && path.AsSpan().Trim().IsEmpty)
            yield return $"{Section}:Path: it is empty; leave it out for no access log";
        if (Directory.Exists(options.Path))
            yield return $"{Section}:Path: '{options.Path}' is a folder, not a file";
        if (!Enum.IsDefined(options.Format))
            yield return $"{Section}:Format: '{options.Format}' is neither Json nor Combined";
        if (options.SamplePercent is not (>= 0 and <= 100))
            yield return FormattableString.Invariant($"{Section}:SamplePercent: {options.SamplePercent} is not between 0 and 100");
        if (options.BufferSize is < LineQueue.LeastSize or > LineQueue.MostSize)
            yield return FormattableString.Invariant($"{Section}:BufferSize: {options.BufferSize} is not between {LineQueue.LeastSize} and {LineQueue.MostSize} bytes");
        if (options.FlushInterval < ShortestFlush || options.FlushInterval > LongestFlush)
            yield return FormattableString.Invariant($"{Section}:FlushInterval: {options.FlushInterval} is not between {ShortestFlush} and {LongestFlush}");
    }
}
