namespace OrleansLb.Core.Hashing;

/// <summary>Prime numbers, for tables whose every step visits every entry.</summary>
internal static class Primes
{
    /// <summary>The least prime that is not below a number.</summary>
    /// <param name="number">2 to about two thousand million; the time grows with its square root.</param>
    internal static int AtLeast(int number)
    {
        while (!IsPrime(number))
            number++;
        return number;
    }

    internal static bool IsPrime(int number)
    {
        for (var divisor = 2; (long)divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
                return false;
        }

        return number >= 2;
    }
}
