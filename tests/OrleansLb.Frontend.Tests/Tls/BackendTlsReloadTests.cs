using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Hosting.Files;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>New authorities and certificates towards backends while requests come.</summary>
public sealed class BackendTlsReloadTests
{
    private const string Host = "localhost";
    private const int Swaps = 20;
    private const int Clients = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AuthoritiesAndCertificate_AreReplacedTwentyTimesUnderLoad_NoRequestFails()
    {
        // Kept connections end soon, so that each swap is seen on them too.
        await using var frontend = new BackendTlsFrontend { Life = TimeSpan.FromMilliseconds(20) };
        var (authorities, shown) = (new List<TestAuthority> { frontend.Authority }, frontend.Authority.Client("frontend.example"));
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        backend.Clients = [frontend.Authority];
        await frontend.Trusting(frontend.Authority).Showing(shown).Start(backend);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var answers = new int[Clients];
        var load = Enumerable.Range(0, Clients).Select(client => AskUntil(frontend, () => Interlocked.Increment(ref answers[client]), stop.Token)).ToArray();

        for (var swap = 0; swap < Swaps; swap++)
        {
            authorities.Add(new TestAuthority($"Root {swap}"));
            var (old, next) = (authorities[^2], authorities[^1]);
            shown = next.Client("frontend.example");
            await Take(() => frontend.WriteAuthorities(old, next));
            (backend.Clients, backend.Shown) = ([old, next], next.Server(Host));
            await Take(() => frontend.WriteCertificate(shown));
            await Eventually.Is(async () => await frontend.Get("/client") == shown.Serial);
            await Take(() => frontend.WriteAuthorities(next));
            backend.Clients = [next];
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        foreach (var authority in authorities.Skip(1))
            authority.Dispose();

        // Handshakes that began before belong to requests that are over then.
        async Task Take(Action write)
        {
            await frontend.Take(write);
            var before = answers.ToArray();
            await Eventually.Is(() => load.Any(static client => client.IsFaulted) || answers.Zip(before).All(static client => client.First > client.Second + 1));
        }
    }

    [Fact]
    public async Task Authorities_ThatAreWithdrawn_AreBelievedNoMore()
    {
        await using var frontend = new BackendTlsFrontend { Life = TimeSpan.Zero };
        using var other = new TestAuthority("Another root");
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        await frontend.Trusting(frontend.Authority).Start(backend);
        Assert.Equal(backend.Id, await frontend.Get("/id"));

        await frontend.Take(() => frontend.WriteAuthorities(other));

        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/id"));
        Assert.Contains("authority", frontend.Failures);
        await frontend.Take(() => frontend.WriteAuthorities(frontend.Authority));
        Assert.Equal(backend.Id, await frontend.Get("/id"));
    }

    [Fact]
    public async Task Files_ThatCannotBeUsed_TheOnesBeforeStayAndItIsSaid()
    {
        await using var frontend = new BackendTlsFrontend { Life = TimeSpan.Zero };
        var shown = frontend.Authority.Client("frontend.example");
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        backend.Clients = [frontend.Authority];
        await frontend.Trusting(frontend.Authority).Showing(shown).Start(backend);
        var store = frontend.Host.Services.GetRequiredService<CertificateStore>();

        frontend.Write("authorities.pem", "no certificate at all");
        frontend.Write("client.key", frontend.Authority.Client("frontend.example").KeyPem);
        await Eventually.Is(() =>
        {
            frontend.Host.Clock.Advance(FileWatcher.Period);
            return store.Shelf.Faults.Count() == 2;
        });

        Assert.Equal(shown.Serial, await frontend.Get("/client"));
        Assert.Equal(["Backends:internal:Certificate", "Backends:internal:Authorities"], store.Shelf.Faults.Select(static fault => fault.Name));
        Assert.Contains("the present Backends:internal:Authorities cannot be used: there is no certificate in", frontend.Detail("certificates"), StringComparison.Ordinal);
        Assert.Equal(2, frontend.Log.Count(static record => record.Id.Name == "CertificateNotRead"));

        // What is wrong with one file keeps no other from being used.
        shown = frontend.Authority.Client("frontend.example");
        await frontend.Take(() => frontend.WriteCertificate(shown));
        Assert.Equal(shown.Serial, await frontend.Get("/client"));
    }

    private static async Task AskUntil(BackendTlsFrontend frontend, Action answered, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Assert.NotEmpty(await frontend.Get("/client"));
            answered();
        }
    }
}
