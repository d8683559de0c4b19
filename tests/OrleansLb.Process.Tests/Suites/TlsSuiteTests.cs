using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Suites;

/// <summary>What the public suite <c>testssl</c> says of a front-end's TLS.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class TlsSuiteTests(AttackedEdge edge) : IClassFixture<AttackedEdge>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // Protocols, ciphers, forward secrecy, what the server prefers, its certificate, and everything that has a name and was in the news.
    private static readonly string[] Checks = ["--protocols", "--standard", "--fs", "--server-preference", "--server-defaults", "--vulnerable"];

    // What is found of the certificate that the test made or of the machine that it runs on, and would not be of a real front-end.
    private static readonly Dictionary<string, string> Excepted = new()
    {
        ["cert_revocation"] = "the authority of the test has no server that says which certificates it has taken back",
        ["sessionresumption_ticket"] = "the suite's client leaves before the ticket comes that it then tries, and cannot say more; sessions have tests of their own",
        ["engine_problem"] = "the machine's openssl has no engines, which the suite itself would use",
    };

    // One of each kind of check: without them it has not looked.
    private static readonly string[] Looked = ["TLS1", "TLS1_2", "TLS1_3", "cipherlist_NULL", "PFS", "cert_chain_of_trust", "heartbleed", "ROBOT", "secure_client_renego", "CRIME_TLS", "SWEET32", "RC4"];

    [Fact]
    public async Task Testssl_FindsNothingAboveLow()
    {
        var folder = Directory.CreateTempSubdirectory("orleanslb-test-");
        var file = Path.Combine(folder.FullName, "findings.json");
        await using var suite = new ProductProcess(
            "testssl", "testssl", ["--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--ip", "127.0.0.1", "--add-ca", edge.RootFile, "--jsonfile", file, .. Checks, edge.SecureAddress.ToString()]);
        await suite.WaitForExit(Limit);

        var findings = await TlsFinding.Read(file);
        Assert.Empty(Looked.Except(findings.Select(static finding => finding.Id)));
        Assert.DoesNotContain(findings, static finding => finding.IsAboveLow && !Excepted.ContainsKey(finding.Id));
        folder.Delete(recursive: true);
    }
}
