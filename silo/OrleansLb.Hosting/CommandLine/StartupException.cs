namespace OrleansLb.Hosting.CommandLine;

/// <summary>A reason not to start that the operator can act on; it is shown as it is, without a stack trace.</summary>
public sealed class StartupException : Exception
{
    /// <summary>One reason.</summary>
    /// <param name="message">What is wrong, naming the key, file or port.</param>
    public StartupException(string message)
        : this([message])
    {
    }

    /// <summary>One reason with its cause.</summary>
    /// <param name="message">What is wrong, naming the key, file or port.</param>
    /// <param name="innerException">Shown only when debugging.</param>
    public StartupException(string message, Exception innerException)
        : base(message, innerException) => Errors = [message];

    /// <summary>Several reasons, all shown.</summary>
    /// <param name="errors">What is wrong, one text each; at least one.</param>
    public StartupException(IReadOnlyList<string> errors)
        : base(string.Join(" ", errors)) => Errors = errors;

    /// <summary>Every reason, in the order to show them.</summary>
    public IReadOnlyList<string> Errors { get; }
}
