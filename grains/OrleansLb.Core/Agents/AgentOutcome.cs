namespace OrleansLb.Core.Agents;

/// <summary>How asking an agent ended. Only the first two change what holds of a backend.</summary>
public enum AgentOutcome
{
    /// <summary>It answered, and every word is known.</summary>
    Answered,

    /// <summary>It answered, and some words are unknown; the others count.</summary>
    UnknownWords,

    /// <summary>It sent more than <see cref="AgentReply.LongestLine"/> bytes without an end of the line.</summary>
    TooLong,

    /// <summary>It ended the connection before the end of a line. Half a line may say something else than the whole.</summary>
    Incomplete,

    /// <summary>It did not send a whole line in time.</summary>
    TimedOut,

    /// <summary>There was no connection, or it was reset.</summary>
    Unreachable,
}
