using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Microbenchmarks;

/// <summary>Bytes on both sides of a backend: the head of the request written, and the answer's head and chunks read.</summary>
public class HeadBenchmarks
{
    private const string Answer = "HTTP/1.1 200 OK\r\nDate: Sun, 01 Jan 2030 00:00:00 GMT\r\nServer: backend\r\nContent-Type: application/json; charset=utf-8\r\n"
        + "Cache-Control: no-store\r\nETag: \"4711-0815\"\r\nVary: Accept-Encoding\r\nX-Request-Id: 0123456789abcdef\r\nContent-Length: 1234\r\n\r\n";

    private const int ChunkSize = 1_024;

    private readonly ResponseHead _head = new();
    private readonly FieldMemory _memory = new();
    private readonly FieldRules _rules = new(Options.Create(new HttpFrontendOptions()));
    private readonly HeadBuffer _buffer = new();
    private readonly BackendTarget _target = BackendTarget.Parse("http://10.0.0.1:8080/");
    private readonly byte[] _answer = Encoding.ASCII.GetBytes(Answer);
    private readonly byte[] _chunks = Encoding.ASCII.GetBytes($"{ChunkSize:x}\r\n{new string('x', ChunkSize)}\r\n{ChunkSize:x}\r\n{new string('y', ChunkSize)}\r\n0\r\n");
    private readonly DefaultHttpContext _context = new() { Connection = { RemoteIpAddress = IPAddress.Parse("192.0.2.17") } };

    /// <summary>A browser's request.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var request = _context.Request;
        (request.Method, request.Protocol, request.Scheme, request.Path, request.QueryString) = ("GET", "HTTP/1.1", "https", "/api/v1/customers/1234567/orders", new QueryString("?page=2&size=50"));
        request.Host = new HostString("shop.example");
        foreach (var (name, value) in ((string, string)[])
                 [
                     ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), ("Accept-Encoding", "gzip, deflate, br"), ("Accept-Language", "en,de;q=0.7"),
                     ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), ("Cookie", "theme=dark; consent=all; last=/cart"), ("Connection", "keep-alive"),
                 ])
            request.Headers[name] = value;
    }

    /// <summary>The request's head, nine fields.</summary>
    [Benchmark]
    public int WriteRequestHead()
    {
        _buffer.Clear();
        RequestHeadWriter.Write(_buffer, _context, _target, null, default, _rules);
        return _buffer.Length;
    }

    /// <summary>The answer's head, eight fields, all there at once.</summary>
    [Benchmark]
    public Http1Step ReadAnswerHead()
    {
        _head.Begin(0);
        return _head.Read(_answer);
    }

    /// <summary>The same with the strings that the client is given, which are those of the answer before.</summary>
    [Benchmark]
    public int ReadAnswerHeadAndFields()
    {
        ReadAnswerHead();
        var length = 0;
        for (var field = 0; field < _head.Fields.Length; field++)
            length += _memory.Get(field, _head.Fields[field], _answer).Value.Length;
        return length;
    }

    /// <summary>Two chunks of a kilobyte.</summary>
    [Benchmark]
    public int ReadChunks()
    {
        var (body, length) = (new ChunkedBody(), 0);
        var rest = _chunks.AsSpan();
        while (body.Read(rest, out var consumed, out var data) == ChunkedStep.Data)
        {
            length += data.Length;
            rest = rest[consumed..];
        }

        return length;
    }
}
