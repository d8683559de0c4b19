using System.Threading.Channels;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>A pool that is asked for its table and answers when a test says so.</summary>
internal sealed class AnsweringPool
{
    private readonly Channel<Question> _questions = Channel.CreateUnbounded<Question>();

    public AnsweringPool()
    {
        var pool = GrainDouble.Of<IPoolGrain>((_, arguments) => new ValueTask<EligibilityTable?>(Ask((long)arguments[0]!, (long)arguments[1]!)));
        Grains = GrainDouble.Of<IGrainFactory>((_, _) => pool);
    }

    /// <summary>The way to it.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>Completes with the next question.</summary>
    public async Task<Question> Asked() =>
        await _questions.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private Task<EligibilityTable?> Ask(long epoch, long version)
    {
        var question = new Question(epoch, version);
        _questions.Writer.TryWrite(question);
        return question.Answer.Task;
    }

    /// <summary>A question for the table.</summary>
    /// <param name="Epoch">Epoch of the table that the front-end has.</param>
    /// <param name="Version">Its version.</param>
    internal sealed record Question(long Epoch, long Version)
    {
        public TaskCompletionSource<EligibilityTable?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
