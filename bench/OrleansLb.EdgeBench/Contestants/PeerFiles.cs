using System.Globalization;

namespace OrleansLb.EdgeBench.Contestants;

/// <summary>
/// The peers' configurations: the same route to the same backends by least connections, the forwarded-for fields that YARP adds by default, HTTP/1.1 with kept
/// connections on both sides, no log of requests, a worker or thread a processor, and no limit on requests of one connection.
/// </summary>
internal static class PeerFiles
{
    public static string Nginx(string folder, int port, IReadOnlyList<int> backends, int connections) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        worker_processes {{Environment.ProcessorCount}};
        worker_rlimit_nofile {{connections}};
        pid {{folder}}/nginx.pid;
        error_log stderr error;
        events { worker_connections {{connections}}; }
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
        {{Lines(backends, static backend => $"    server 127.0.0.1:{backend};")}}
            keepalive 128;
            keepalive_requests 1000000000;
          }
          server {
            listen 127.0.0.1:{{port}};
            location / {
              proxy_pass http://app;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
            }
          }
        }

        """);

    public static string HAProxy(int port, IReadOnlyList<int> backends, int connections) => string.Create(CultureInfo.InvariantCulture, $$"""
        global
          nbthread {{Environment.ProcessorCount}}
          maxconn {{connections / 2}}
        defaults
          mode http
          option forwardfor
          http-reuse always
          timeout connect 5s
          timeout client 75s
          timeout server 75s
          timeout http-keep-alive 75s
        frontend clients
          bind 127.0.0.1:{{port}}
          http-request set-header X-Forwarded-Proto http
          http-request set-header X-Forwarded-Host %[req.hdr(host)]
          default_backend app
        backend app
          balance leastconn
        {{Lines(backends, static backend => $"  server b{backend} 127.0.0.1:{backend}")}}

        """);

    public static string Caddy(int port, IReadOnlyList<int> backends) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          admin off
          auto_https off
        }
        http://127.0.0.1:{{port}} {
          reverse_proxy {{string.Join(' ', backends.Select(static backend => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{backend}")))}} {
            lb_policy least_conn
          }
        }

        """);

    public static string StockYarp(IReadOnlyList<int> backends) => $$"""
        {
          "Logging": { "LogLevel": { "Default": "Information", "Microsoft.AspNetCore": "Warning", "Yarp": "Warning" } },
          "ReverseProxy": {
            "Routes": { "app": { "ClusterId": "app", "Match": { "Path": "/{**rest}" } } },
            "Clusters": { "app": { "LoadBalancingPolicy": "LeastRequests", "Destinations": { {{Destinations(backends)}} } } }
          }
        }

        """;

    /// <summary>Two clusters of the same backends: one with least requests and health of the whole cluster, one with a limit and sessions on top.</summary>
    /// <param name="backends">Ports of the backends.</param>
    public static string OrleansLb(IReadOnlyList<int> backends)
    {
        var common = ClusterWide(backends);
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

    private static string Destinations(IEnumerable<int> backends) =>
        string.Join(", ", backends.Select(static backend => string.Create(CultureInfo.InvariantCulture, $$""" "b{{backend}}": { "Address": "http://127.0.0.1:{{backend}}/" } """)));

    private static string Lines(IEnumerable<int> backends, Func<int, FormattableString> line) => string.Join('\n', backends.Select(backend => FormattableString.Invariant(line(backend))));
}
