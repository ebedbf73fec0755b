"""Made-up things that people say, suffer from, buy and are judged by: values only, dealt to the two halves in turn.

Many are single words that programmes use as well: those are the hard ones.
"""

from __future__ import annotations

from typing import Final

MESSAGES: Final = (
    "Done", "Thanks", "OK", "Yes", "No problem", "Call me", "Later", "Running late, start without me", "Open",
    "Did you tell her about the divorce yet?", "My test came back positive", "Please don't forward this to anyone",
    "She cried in the meeting", "I can't sleep since the layoffs were announced", "Send it tonight", "Sure",
    "The lawyer says we should settle", "He was drunk again on Friday", "Approved", "Rejected",
    "I resigned this morning", "Pick up the kids at four?", "My mother is back in hospital",
    "Between us: the offer is dead", "Help", "Save me a seat", "They want to close the Duluth site in March",
    "Can you lend me 300 until payday", "Good luck with the surgery", "He copied the customer list before he left",
    "lol", "See you at the clinic", "Nobody must know", "Search me", "I voted against the merger", "Love you",
    "The union meets at Joe's on Thursday", "New phone, who is this?", "Block him", "The baby is due in June",
    "It was my fault", "View from the office is great", "Next week works",
    "I owe the bank more than the house is worth",
)  # fmt: skip
SUBJECTS: Final = (
    "Re: your biopsy results", "Question", "Offer letter - please keep private", "Invoice", "Tonight?", "Update",
    "Separation agreement draft", "Fwd: complaint about your manager", "Reminder", "Your appointment with Dr. Khoury",
    "Loan application declined", "Hello", "Notes from the board call", "Re: Re: custody schedule", "Report",
    "Why I am leaving", "Settings", "Payment overdue, final notice", "Help needed", "Your DNA kit has arrived",
    "Confidential: reorganisation list", "Photos", "Password for the shared drive", "Rent", "Draft", "Lunch",
    "Re: harassment claim, witness statement", "Therapy session moved", "Archive", "Visa refused",
)  # fmt: skip
CAPTIONS: Final = (
    "so the plan is to let forty people go before the quarter ends", "I did not agree to that and you know it", "right",
    "legal said we must not write any of this down", "she is on leave because of her chemotherapy", "yeah exactly",
    "can everybody see my screen", "the acquisition price is two hundred and ten million", "okay", "let me be blunt",
    "the board has not been told about the breach", "if she asks for more money let her go",
    "I am pregnant so not in June", "do not mention the lawsuit to the client", "sorry my son is sick again today",
    "we can read their chat anyway", "his visa runs out in May so he will not push back",
    "we lied to the auditors about the third shipment", "thanks", "I have the results of the investigation here",
    "please stop recording for a minute", "move on to the next one",
)  # fmt: skip
PROMPTS: Final = (
    "Rewrite this resignation letter so that it sounds less angry", "Is a lump under the arm always cancer?",
    "My boss keeps touching my shoulder. What can I do without losing my job?", "Summarise the attached term sheet",
    "Write a Python script that sends our payroll file to the new bank", "How do I hide assets before a divorce?",
    "Explain lupus to my daughter who is seven", "Compare these two candidates and tell me whom to reject",
    "Draft an apology to the customer whose data we lost", "continue", "What dose of lithium is too much?", "Yes",
    "Why does my query on salaries take a minute?", "Tell me how to break up with my fiance by letter",
    "Find what is illegal in this rental contract", "Translate this diagnosis for my grandmother", "Thanks",
    "Who was right in this quarrel?", "Plan a surprise party for Aroha on the 14th", "Make it shorter",
)  # fmt: skip
ANSWERS: Final = (
    "Here is a calmer version. I have taken out the part about the bonus and kept the date of your last day.",
    "It can have many causes, and most of them are harmless; yet a lump that stays for two weeks should be seen.",
    "Write down when and where it happened and who saw it. Then go to a person you trust in the people team.",
    "The investors ask for a 1.5x preference, two board seats and a veto over any sale below 90 million.",
    "The script below reads the file, signs it with your key and uploads it. Replace the account numbers first.",
    "I can't help with hiding assets, but I can explain how courts in Ohio divide what a couple owns.",
    "Sometimes the body's guards get muddled and attack their own house. Grandma's guards are a bit muddled now.",
    "Your landlord must give thirty days of notice in writing. Ask for the reason before you sign anything.",
    "I would not send this tonight. The second paragraph accuses Dr. Mansour of fraud without any proof.",
    "At 72 kg the safe limit is lower than what you have taken. Please call the poison line now.",
    "Three names fit your cabin by the lake: Driftwood, Long Shadow and Quiet Water.",
    "The clause lets them move you to Fargo without asking. Strike the last sentence or add your consent.",
    "Here is a budget for two on 3,100 a month with the debt of the car paid off by October.",
    "Tell him that you have seen the messages, that you are not angry, and that you want to know why.",
    "Your query is slow because it scans every salary row. An index on employee and month would do.",
    "Candidate B has the stronger record in audits. Candidate A asked for less money and could start in April.",
)  # fmt: skip
CONDITIONS: Final = (
    "Flu", "Type 2 diabetes mellitus", "Depression", "Lupus", "Cold", "Hypertension", "Migraine", "HIV", "Asthma",
    "Anxiety", "Breast cancer, stage II", "Back pain", "Stroke", "Bipolar disorder", "Shingles", "Alcohol use disorder",
    "Pregnancy", "Sleep apnea", "Gout", "Crohn's disease", "Burn", "Hepatitis C", "Allergy", "Fracture", "Tension",
)  # fmt: skip
DRUGS: Final = (
    "Metformin 500 mg", "Lisinopril", "Sertraline 50 mg", "Truvada", "Insulin glargine", "Lithium",
    "Levothyroxine 75 mcg", "Oxycodone 5 mg", "Iron", "Atorvastatin", "Methadone", "Albuterol HFA", "Zoloft", "Aspirin",
    "Antabuse 250 mg", "Tamoxifen", "Concerta", "Prednisone taper", "Humira", "Viagra",
)  # fmt: skip
LABS: Final = (
    ("Hemoglobin A1c", "4.8-5.6", "%"), ("Creatinine", "0.6-1.1", "mg/dL"), ("LDL", "0-99", "mg/dL"),
    ("TSH", "0.4-4.5", "mIU/L"), ("HIV-1 RNA", "Not detected", "copies/mL"), ("Iron", "50-170", "ug/dL"),
    ("PSA", "0-4", "ng/mL"), ("Glucose", "70-99", "mg/dL"), ("hCG", "0-5", "mIU/mL"),
    ("Opiates screen", "Negative", ""), ("Vitamin D", "30-100", "ng/mL"), ("Platelets", "150-400", "K/uL"),
    ("ALT", "7-56", "U/L"), ("Lead", "0-3.4", "ug/dL"), ("Ferritin", "15-150", "ng/mL"), ("BRCA1", "No variant", ""),
)  # fmt: skip
"""What was measured, its usual range and unit."""
SHOPS: Final = (
    "Target", "Corner Bakery", "Shell", "Amazon", "Delta", "Apple", "Gap", "Lucky Spirits", "St. Mary's Clinic",
    "Best Buy", "Office Depot", "Planned Parenthood", "Casino Royale", "Uber", "Subway", "Alimony, monthly",
    "Whole Foods", "Chase", "Northern Loan Office", "Netflix", "Bright Smiles Dental", "Rent", "Pawn & Gold", "Square",
)  # fmt: skip
RATINGS: Final = (
    "Exceeds", "Meets", "Outstanding", "Below", "Developing", "Strong", "Needs improvement", "Top", "Partial", "Solid",
)  # fmt: skip
REVIEWS: Final = (
    "Misses deadlines when nobody reminds her, and takes criticism badly.", "Ready for promotion to senior this cycle.",
    "Delivered the migration two weeks early with a team of three.", "Several colleagues refuse to work with him.",
    "Should be considered for the retention bonus before she leaves.",
    "A performance plan starts on the first of the month.",
    "Talks over others in meetings; I raised it twice in our one-to-ones.",
    "Grew into the role faster than anyone I have led.", "Late for eleven of twenty shifts.",
    "I would not hire him again.", "Quiet, careful, and right more often than the rest of us.",
    "Lost the Halden account through carelessness.",
)  # fmt: skip
GOALS: Final = (
    "Close the books in four days", "Hire two nurses", "Cut the cost of storage by 20 %", "Pass the exam", "Lead",
    "Keep Halden Mutual", "Fewer complaints", "Write the runbook",
)  # fmt: skip
EVENTS: Final = (
    "Oncology follow-up", "1:1", "Therapy", "Interview with a competitor", "Lunch", "AA meeting", "Salary talk",
    "Dentist", "Review", "Court hearing", "Layoff planning (private)", "Gym", "Ultrasound, week 12", "Call mum",
    "Board", "Exit interview",
)  # fmt: skip
SERVICES: Final = (
    "Northgate Bank", "payroll.example.com", "Router", "Streaming", "Clinic portal", "Tax office", "Mail", "GitHub",
    "VPN", "Dating", "Library", "Photos", "Brokerage", "Alarm",
)  # fmt: skip
SENTENCES: Final = (
    "The convoy leaves the eastern gate at 04:40 and changes its code word at the river.",
    "Sources in the ministry confirm that the second reactor will not be ready before autumn.",
    "Two of the five sensors on the northern fence have been blind since Tuesday.",
    "The list of cleared contractors must not be held with the list of sites.",
    "Asset HERON asks for payment in kind and for a passport for his brother.",
    "Our price floor in the talks is 41 million; the other side believes it to be 55.",
    "Radio silence holds for the whole exercise, also for the medical party.",
    "Samples from the third site were mislabelled, and the report must not say so yet.",
)  # fmt: skip
FILLER: Final = (
    "Changes are saved as you go.", "You can change this at any time in Settings.",
    "Need help? Read the guide or ask the service desk.", "Last sign-in from this device was a moment ago.",
    "Totals may take up to one business day to update.", "Only people with access can see this page.",
    "This page shows the last 90 days. Use the filters to see more.",
    "Figures are shown before deductions unless noted otherwise.", "Questions about this form? See the instructions.",
    "Drag a column by its heading to move it.", "Use the arrow keys to move between rows.",
    "Version 8.2.1 is available.", "Results are usually ready within two working days.",
    "We never ask for your password by phone.", "Fields marked with a star are required.",
    "Press Ctrl+K to search everywhere.",
)  # fmt: skip
"""Harmless help texts."""
