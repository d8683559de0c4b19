using System.Globalization;

namespace OrleansLb.EdgeBench.Contestants;

/// <summary>
/// The peers' configurations: the same route to the same backends by least connections, the forwarded-for fields that YARP adds by default, kept connections on both
/// sides, no log of requests, a worker or thread a processor, and no limit on requests of one connection. With a certificate they listen by TLS 1.3 too, for HTTP/1.1
/// and HTTP/2; tickets of sessions are as they come, because no client brings one back.
/// </summary>
internal static class PeerFiles
{
    private const string NginxHttp = """
              proxy_pass http://app;
              proxy_http_version 1.1;
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
        """;

    private const string NginxGrpc = """
              grpc_pass grpc://app;
              grpc_set_header Host $http_host;
              grpc_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              grpc_set_header X-Forwarded-Proto $scheme;
              grpc_set_header X-Forwarded-Host $http_host;
        """;

    public static string Nginx(string folder, PeerSite site) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        worker_processes {{Environment.ProcessorCount}};
        worker_rlimit_nofile {{site.Connections}};
        pid {{folder}}/nginx.pid;
        error_log stderr error;
        events { worker_connections {{site.Connections}}; }
        http {
          access_log off;
          keepalive_timeout 75s;
          keepalive_requests 1000000000;
          client_max_body_size 0;
          client_body_temp_path {{folder}}/nginx-body;
          proxy_temp_path {{folder}}/nginx-proxy;
          fastcgi_temp_path {{folder}}/nginx-fastcgi;
          uwsgi_temp_path {{folder}}/nginx-uwsgi;
          scgi_temp_path {{folder}}/nginx-scgi;
          upstream app {
            least_conn;
        {{Lines(site.Backends, static backend => $"    server 127.0.0.1:{backend};")}}
            keepalive 128;
            keepalive_requests 1000000000;
          }
          server {
            listen 127.0.0.1:{{site.Port}};
        {{NginxTls(site)}}
            location / {
        {{NginxForwarding(site.Protocol)}}
            }
          }
        }

        """);

    public static string HAProxy(PeerSite site) => string.Create(CultureInfo.InvariantCulture, $$"""
        global
          nbthread {{Environment.ProcessorCount}}
          maxconn {{site.Connections / 2}}
        defaults
          mode http
          option forwardfor
          http-reuse always
          timeout connect 5s
          timeout client 75s
          timeout server 75s
          timeout http-keep-alive 75s
        frontend clients
          bind 127.0.0.1:{{site.Port}}
        {{HAProxyTls(site)}}
          http-request set-header X-Forwarded-Proto {{(site.Certificate is null ? "http" : "%[ssl_fc,iif(https,http)]")}}
          http-request set-header X-Forwarded-Host %[req.hdr(host)]
          default_backend app
        backend app
          balance leastconn
        {{Lines(site.Backends, backend => $"  server b{backend} 127.0.0.1:{backend}{(IsHttp2(site.Protocol) ? " proto h2" : "")}")}}

        """);

    public static string Caddy(PeerSite site) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          admin off
          auto_https off
          servers {
            protocols h1 h2
          }
        }
        (app) {
          reverse_proxy {{string.Join(' ', site.Backends.Select(backend => string.Create(CultureInfo.InvariantCulture, $"{(IsHttp2(site.Protocol) ? "h2c://" : "")}127.0.0.1:{backend}")))}} {
            lb_policy least_conn
          }
        }
        http://127.0.0.1:{{site.Port}} {
          import app
        }
        {{CaddyTls(site)}}

        """);

    public static string StockYarp(PeerSite site) => $$"""
        {
          "Logging": { "LogLevel": { "Default": "Information", "Microsoft.AspNetCore": "Warning", "Yarp": "Warning" } },
          "Kestrel": { "Endpoints": { {{KestrelEndpoints(site)}} } },
          "ReverseProxy": {
            "Routes": { "app": { "ClusterId": "app", "Match": { "Path": "/{**rest}" } } },
            "Clusters": { "app": { "LoadBalancingPolicy": "LeastRequests", {{HttpRequest(site.Protocol)}} "Destinations": { {{Destinations(site.Backends)}} } } }
          }
        }

        """;

    /// <summary>Two clusters of the same backends: one with least requests and health of the whole cluster, one with a limit and sessions on top.</summary>
    /// <param name="backends">Ports of the backends.</param>
    /// <param name="protocol">What is spoken to them.</param>
    public static string OrleansLb(IReadOnlyList<int> backends, BackendProtocol protocol = BackendProtocol.Http1)
    {
        var common = HttpRequest(protocol) + ClusterWide(backends);
        return $$"""
            {
              "ReverseProxy": {
                "Routes": {
                  "app": { "ClusterId": "app", "Match": { "Path": "/{**rest}" } },
                  "full": { "ClusterId": "full", "RateLimiterPolicy": "perClient", "Match": { "Path": "/full/{**rest}" } }
                },
                "Clusters": {
                  "app": { {{common}} },
                  "full": { "SessionAffinity": { "Enabled": true, "Policy": "ClusterCookie", "AffinityKeyName": ".Lb.Bench", "FailurePolicy": "Redistribute" }, {{common}} }
                }
              },
              "OrleansLb": { "RateLimiting": { "Policies": { "perClient": {
                "Algorithm": "TokenBucket", "TokenLimit": 1000000, "TokensPerPeriod": 10000000, "ReplenishmentPeriod": "00:00:01", "Partition": "ClientIp", "Mode": "Leased"
              } } } }
            }

            """;
    }

    /// <summary>What makes a pool the whole cluster's: its policy, its probes and its outliers.</summary>
    /// <param name="backends">Ports of its backends.</param>
    public static string ClusterWide(IReadOnlyList<int> backends) => $$"""
        "LoadBalancingPolicy": "ClusterLeastRequests",
        "HealthCheck": {
          "Active": { "Enabled": true, "Policy": "ClusterConsecutiveFailures", "Interval": "00:00:05", "Timeout": "00:00:02", "Path": "/health" },
          "Passive": { "Enabled": true, "Policy": "ClusterOutlier" }
        },
        "Destinations": { {{Destinations(backends)}} }
        """;

    private static string NginxForwarding(BackendProtocol protocol) => protocol switch
    {
        BackendProtocol.Grpc => NginxGrpc,
        BackendProtocol.WebSocket => NginxHttp + """

                  proxy_set_header Connection $http_connection;
                  proxy_set_header Upgrade $http_upgrade;
            """,
        _ => NginxHttp + """

                  proxy_set_header Connection "";
            """,
    };

    private static string NginxTls(PeerSite site) => site.Certificate is null ? "" : string.Create(CultureInfo.InvariantCulture, $"""
            listen 127.0.0.1:{site.SecurePort} ssl http2;
            ssl_protocols TLSv1.3;
            ssl_certificate {site.Certificate.Certificate};
            ssl_certificate_key {site.Certificate.Key};
        """);

    private static string HAProxyTls(PeerSite site) => site.Certificate is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"  bind 127.0.0.1:{site.SecurePort} ssl crt {site.Certificate.Both} ssl-min-ver TLSv1.3 curves X25519:P-256 alpn h2,http/1.1");

    private static string CaddyTls(PeerSite site) => site.Certificate is null ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
        https://127.0.0.1:{{site.SecurePort}} {
          tls {{site.Certificate.Certificate}} {{site.Certificate.Key}} {
            protocols tls1.3
          }
          import app
        }
        """);

    private static string KestrelEndpoints(PeerSite site)
    {
        var http = string.Create(CultureInfo.InvariantCulture, $$""" "Http": { "Url": "http://127.0.0.1:{{site.Port}}" } """);
        return site.Certificate is null ? http : http + string.Create(CultureInfo.InvariantCulture, $$"""
            , "Https": { "Url": "https://127.0.0.1:{{site.SecurePort}}", "SslProtocols": [ "Tls13" ], "Certificate": { "Path": "{{site.Certificate.Certificate}}", "KeyPath": "{{site.Certificate.Key}}" } }
            """);
    }

    /// <summary>HTTP/2 to a cluster of YARP's whose destinations have no TLS, where nothing can be agreed upon.</summary>
    private static string HttpRequest(BackendProtocol protocol) =>
        IsHttp2(protocol) ? """ "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" }, """ : "";

    private static bool IsHttp2(BackendProtocol protocol) => protocol is BackendProtocol.Http2 or BackendProtocol.Grpc;

    private static string Destinations(IEnumerable<int> backends) =>
        string.Join(", ", backends.Select(static backend => string.Create(CultureInfo.InvariantCulture, $$""" "b{{backend}}": { "Address": "http://127.0.0.1:{{backend}}/" } """)));

    private static string Lines(IEnumerable<int> backends, Func<int, FormattableString> line) => string.Join('\n', backends.Select(backend => FormattableString.Invariant(line(backend))));
}
