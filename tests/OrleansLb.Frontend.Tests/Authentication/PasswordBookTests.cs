using System.Collections.Frozen;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Frontend.Http.Authentication;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>What passwords cost.</summary>
public sealed class PasswordBookTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly HashingGate _gate = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _gate.Dispose();

    [Theory]
    [InlineData("anna", "right", true)]
    [InlineData("anna", "wrong", false)]
    [InlineData("nobody", "right", false)]
    public async Task Answer_IsRememberedForAMinute_AndCostsAHashWhoeverAsks(string user, string password, bool expected)
    {
        var book = Book();
        for (var i = 0; i < 10; i++)
            Assert.Equal(expected, await book.Is(user, password));
        Assert.Equal(1, book.Hashes);

        _clock.Advance(PasswordBook.Memory);
        Assert.Equal(expected, await book.Is(user, password));
        Assert.Equal(2, book.Hashes);
    }

    [Fact]
    public async Task Guesses_ByTheThousand_DoNotPushOutWhoIsKnown()
    {
        var book = Book();
        Assert.True(await book.Is("anna", "right"));
        for (var i = 0; i < 2500; i++)
            Assert.False(await book.Is("anna", FormattableString.Invariant($"guess {i}")));
        var hashes = book.Hashes;
        Assert.True(await book.Is("anna", "right"));
        Assert.Equal(hashes, book.Hashes);
    }

    [Fact]
    public async Task Gate_AsManyWaitAsMay_OthersAreTurnedAwayAtOnce_AndAskersOfTheSameShareOne()
    {
        using var held = new ManualResetEventSlim();
        var most = Math.Max(1, Environment.ProcessorCount / 2) + HashingGate.MostWaiting;
        var inside = Enumerable.Range(0, most).Select(_ => _gate.Run(() =>
        {
            held.Wait(Cancellation);
            return true;
        })).ToArray();

        Assert.Null(await _gate.Run(static () => true).WaitAsync(Patience, Cancellation));
        var book = Book();
        Assert.Null(await book.Is("anna", "right").AsTask().WaitAsync(Patience, Cancellation));

        held.Set();
        Assert.All(await Task.WhenAll(inside), static answer => Assert.True(answer));
        var askers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => book.Is("anna", "right").AsTask(), Cancellation)));
        Assert.All(askers, static answer => Assert.True(answer));
        Assert.InRange(book.Hashes, 1, 5);
    }

    [Theory]
    [InlineData("otto:secret", "in the clear")]
    [InlineData("otto:$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00", "MD5")]
    [InlineData("otto:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=", "SHA-1")]
    [InlineData("otto:rqXexS6ZhobKA", "a hash of crypt")]
    [InlineData("otto:$5$abc$def", "of crypt")]
    [InlineData("otto:$6$abc$def", "of crypt")]
    [InlineData("otto:$2x$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC", "broken kind")]
    [InlineData("otto:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BR", "damaged")]
    [InlineData("otto:$2y$31$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC", "the cost 31")]
    [InlineData("otto", "not a user")]
    [InlineData(":x", "not a user")]
    [InlineData("anna:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC", "there already")]
    public void File_LineThatIsWeakOrNone_IsRefusedByItsNumberWithoutItsHash(string line, string fault)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, $"# users\nanna:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC\n{line}\n");
        var refused = Assert.Throws<FileRefusedException>(() => PasswordFile.Read(path));
        File.Delete(path);
        Assert.StartsWith($"line 3 of {path}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(line.Split(':')[^1] is { Length: > 5 } hash ? hash : "secret", refused.Message, StringComparison.Ordinal);
    }

    private PasswordBook Book() => new(
        new Dictionary<string, string> { ["anna"] = BCrypt.Net.BCrypt.HashPassword("right", 4), ["otto"] = BCrypt.Net.BCrypt.HashPassword("other", 4) }.ToFrozenDictionary(), _gate, _clock);
}
