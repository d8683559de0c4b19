using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class RoundRobinPickerTests
{
    [Fact]
    public void Pick_TurnAfterTurn_TakesOneAfterTheOther()
    {
        var turn = new PickTurn(4);
        Assert.Equal([1, 2, 0, 1, 2, 0], Enumerable.Range(0, 6).Select(_ => RoundRobinPicker.Pick(3, turn.Next())));
    }

    [Theory]
    [InlineData(-3, -1)]
    [InlineData(0, -1)]
    [InlineData(1, 0)]
    public void Pick_NoChoice_TakesWhatThereIs(int candidates, int expected) => Assert.Equal(expected, RoundRobinPicker.Pick(candidates, ulong.MaxValue));
}
