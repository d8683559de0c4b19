using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.CommandLine;

/// <summary><c>token</c>: makes a token of the status API, and the line by which a file knows it.</summary>
public static class TokenCommand
{
    /// <summary>By which scanners of secrets, and people, know what it is.</summary>
    private const string Prefix = "olb_";
    private const int RandomBytes = 32;

    /// <summary>Makes the subcommand.</summary>
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "Who gets it, as logs and histories will tell", HelpName = "NAME", Required = true };
        var role = new Option<string>("--role") { Description = "What it is good for", DefaultValueFactory = static _ => TokenFile.Roles.Keys.First() };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } text || !TokenFile.IsName(text))
                result.AddError($"A name is {TokenFile.RuleOfNames}.");
        });
        role.AcceptOnlyFromAmong([.. TokenFile.Roles.Keys]);
        var command = new Command("token", "Makes a token of the status API: the first line is for whoever gets it, the second for the file of OrleansLb:Status:Tokens") { name, role };
        command.SetAction(result => Write(result.InvocationConfiguration.Output, new TokenHolder(result.GetValue(name)!, TokenFile.Roles[result.GetValue(role)!])));
        return command;
    }

    private static int Write(TextWriter output, TokenHolder holder)
    {
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        output.WriteLine(token);
        output.WriteLine(TokenFile.LineOf(holder, token));
        return ExitCodes.Success;
    }
}
