using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Hosting.TestProcess;

/// <summary>The ways a start can fail.</summary>
internal static class Failures
{
    public static void Arrange(WebApplicationBuilder builder, string how)
    {
        switch (how)
        {
            case "one":
                throw new StartupException("Test:Fail is one");
            case "many":
                throw new StartupException(["first reason", "second reason"]);
            case "unknown":
                throw new InvalidOperationException("Outer\nmessage.", new InvalidOperationException("Inner message."));
            case "value":
                builder.Configuration.GetValue<int>("Test:Number");
                break;
            case "options":
                builder.Services.AddOptions<LimitedOptions>().Configure(static options => options.First = 11).ValidateDataAnnotations().ValidateOnStart();
                break;
            case "background":
                builder.Services.AddHostedService<FailingService>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how), how, "no such failure");
        }
    }

    internal sealed class LimitedOptions
    {
        [Range(0, 10)]
        public int First { get; set; }

        [Required]
        public string? Second { get; set; }
    }
}
