using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansLb.Core.Acme;

namespace OrleansLb.Core.Tests.Acme;

public sealed class SignedRequestTests
{
    // The key of RFC 7515, A.3; its thumbprint was made by another implementation.
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string D = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
    private const string Thumbprint = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";

    private static readonly Uri Url = new("https://ca.example/new-order");

    [Fact]
    public void Thumbprint_OfAKnownKey_IsWhatOthersSayAndAnswersChallenges()
    {
        using var key = new AccountKey(Known());

        Assert.Equal(Thumbprint, key.Thumbprint);
        Assert.Equal("token." + Thumbprint, key.Authorization("token"));
    }

    [Fact]
    public void Sign_WithoutAnAccount_NamesTheKeyAndCanBeVerified()
    {
        using var key = new AccountKey(Known());

        var (head, payload) = Verify(SignedRequest.Sign(key, account: null, "nonce-1", Url, """{"a":1}"""u8));

        Assert.Equal($$"""{"alg":"ES256","jwk":{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"},"nonce":"nonce-1","url":"https://ca.example/new-order"}""", head);
        Assert.Equal("""{"a":1}""", payload);
    }

    [Fact]
    public void Sign_WithAnAccount_NamesTheAccountAlone()
    {
        using var key = new AccountKey(Known());

        var (head, payload) = Verify(SignedRequest.Sign(key, new Uri("https://ca.example/account/7"), "nonce-1", Url, []));

        Assert.Equal("""{"alg":"ES256","kid":"https://ca.example/account/7","nonce":"nonce-1","url":"https://ca.example/new-order"}""", head);
        Assert.Equal("", payload);
    }

    [Fact]
    public void New_KeyOnAnotherCurve_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<ArgumentException>(() => new AccountKey(key));
    }

    private static ECDsa Known() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        D = Base64Url.DecodeFromChars(D),
    });

    private static (string Head, string Payload) Verify(byte[] request)
    {
        using var document = JsonDocument.Parse(request);
        string Member(string name) => document.RootElement.GetProperty(name).GetString()!;
        using var key = Known();
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{Member("protected")}.{Member("payload")}"), Base64Url.DecodeFromChars(Member("signature")), HashAlgorithmName.SHA256));
        return (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Member("protected"))), Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Member("payload"))));
    }
}
