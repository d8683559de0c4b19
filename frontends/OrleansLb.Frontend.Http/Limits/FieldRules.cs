using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Which fields of requests are passed on. Read by whoever reads the fields to pass them on, because the server makes an object each time that they are read.</summary>
internal sealed class FieldRules(IOptions<HttpFrontendOptions> options)
{
    private readonly UnderscoreAction _underscores = options.Value.UnderscoresInFieldNames;

    /// <summary>Whether nothing is to be done about a field.</summary>
    /// <param name="name">Its name.</param>
    public bool IsUsual(string name) => _underscores == UnderscoreAction.Allow || !name.Contains('_', StringComparison.Ordinal);

    /// <summary>Removes what is to be dropped, and finds what is to be refused.</summary>
    /// <param name="fields">The fields of a request.</param>
    public RequestFault? Apply(IHeaderDictionary fields)
    {
        List<string>? dropped = null;
        foreach (var (name, values) in fields)
        {
            if (!IsUsual(name))
            {
                if (_underscores == UnderscoreAction.Reject)
                    return RequestFault.FieldName;
                (dropped ??= []).Add(name);
            }
            // The names that begin with a colon are the server's own, of HTTP/2.
            else if (!Http1Characters.IsToken(name) && name[0] != ':')
            {
                return RequestFault.FieldName;
            }

            foreach (var value in values)
            {
                if (!Http1Characters.IsFieldValue(value))
                    return RequestFault.FieldValue;
            }
        }

        dropped?.ForEach(name => fields.Remove(name));
        return null;
    }
}
