using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>
/// Says whether a password is that of a user, by what a file held when it was read. Answers are remembered for a short time, since each costs as much processor as hundreds of requests; right ones
/// apart from wrong ones, so that guesses do not push them out. Who asks the same at once shares one answer.
/// </summary>
internal sealed class PasswordBook(FrozenDictionary<string, string> users, HashingGate gate, TimeProvider clock)
{
    /// <summary>How long an answer is remembered.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private const int MostRight = 4096;
    private const int MostWrong = 1024;

    private readonly RecentKeys _right = new(MostRight, Memory, clock);
    private readonly RecentKeys _wrong = new(MostWrong, Memory, clock);
    private readonly ConcurrentDictionary<PasswordKey, Lazy<Task<bool?>>> _asked = [];
    private int _hashes;

    /// <summary>Hashes that were made.</summary>
    internal int Hashes => Volatile.Read(ref _hashes);

    /// <summary>Whether it is the password; <see langword="null"/> when too many others are being asked about.</summary>
    public ValueTask<bool?> Is(string user, string password)
    {
        var key = PasswordKey.Of(user, password);
        if (_right.Has(key))
            return new((bool?)true);
        if (_wrong.Has(key))
            return new((bool?)false);
        var answer = _asked.GetOrAdd(key, static (key, state) => new Lazy<Task<bool?>>(() => state.Book.Ask(key, state.user, state.password)), (Book: this, user, password));
        return new(answer.Value);
    }

    private async Task<bool?> Ask(PasswordKey key, string user, string password)
    {
        try
        {
            var answer = await gate.Run(() => Verify(user, password));
            if (answer is { } isRight)
                (isRight ? _right : _wrong).Add(key);
            return answer;
        }
        finally
        {
            _asked.TryRemove(key, out _);
        }
    }

    /// <summary>Somebody who is not in the file costs what one of those who are costs: always the same one, or times would tell who is there.</summary>
    private bool Verify(string user, string password)
    {
        Interlocked.Increment(ref _hashes);
        if (users.TryGetValue(user, out var hash))
            return BCrypt.Net.BCrypt.Verify(password, hash);
        var other = PasswordKey.Of(user, "").First % (UInt128)users.Count;
        BCrypt.Net.BCrypt.Verify(password, users.Values[(int)other]);
        return false;
    }
}
