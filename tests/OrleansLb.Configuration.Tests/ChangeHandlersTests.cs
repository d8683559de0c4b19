namespace OrleansLb.Configuration.Tests;

public sealed class ChangeHandlersTests
{
    private readonly List<int> _first = [];
    private readonly List<int> _last = [];
    private readonly List<(string Handler, Exception Exception)> _failures = [];

    [Fact]
    public void Notify_OneHandlerThrows_OthersAreCalledInOrderAndTheFailureIsNamed()
    {
        Action<int>? handlers = _first.Add;
        handlers += Throw;
        handlers += _last.Add;

        handlers.Notify(7, (handler, exception) => _failures.Add((handler, exception)));

        Assert.Equal([7], _first);
        Assert.Equal([7], _last);
        var failure = Assert.Single(_failures);
        Assert.Equal((typeof(ChangeHandlersTests).FullName, "Not 7."), (failure.Handler, failure.Exception.Message));
    }

    [Fact]
    public void Notify_NoHandler_DoesNothing()
    {
        Action<int>? handlers = null;

        handlers.Notify(7, (handler, exception) => _failures.Add((handler, exception)));

        Assert.Empty(_failures);
    }

    private static void Throw(int value) => throw new InvalidOperationException($"Not {value}.");
}
